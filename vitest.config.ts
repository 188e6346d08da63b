import { defineConfig } from "vitest/config";

/** `fast` needs nothing but Node; `postgres` starts a real server once and gives each file its own database. */
export default defineConfig({
	test: {
		projects: [
			{
				test: {
					name: "fast",
					include: ["tests/domain/**/*.spec.ts", "tests/{exports,imports}/**/*.spec.ts", "tests/*.spec.ts"],
				},
			},
			{
				test: {
					name: "postgres",
					include: ["tests/{db,emails,faults,http}/**/*.spec.ts"],
					globalSetup: "tests/postgres.ts",
					testTimeout: 30_000,
					hookTimeout: 60_000,
				},
			},
			{
				// Needs LibreOffice, which most machines lack, and the built site: `npm run test:libreoffice`, which .ci/run calls.
				test: {
					name: "libreoffice",
					include: ["tests/libreoffice/**/*.spec.ts"],
					globalSetup: "tests/postgres.ts",
					testTimeout: 120_000,
				},
			},
		],
	},
});
