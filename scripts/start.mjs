import { buildIfStale } from "./build.mjs";

await buildIfStale();
process.env.NODE_ENV ??= "production";
await import("../build/server.js");
