import { vitePlugin as remix } from "@remix-run/dev";
import { defineConfig } from "vite";
import remixConfig from "./remix.config.js";

export default defineConfig({
	plugins: [remix(remixConfig)],
	// JSON alone, which Node 20 imports with a warning.
	ssr: { noExternal: ["tlds"] },
});
