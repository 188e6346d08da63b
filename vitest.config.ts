import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The longest file begins first: nothing else would be left to run beside it at the end. */
class LongestFirst extends BaseSequencer {
	override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
		const [longest, others] = [true, false].map((is) =>
			files.filter(({ moduleId }) => moduleId.endsWith("seats-model.spec.ts") === is),
		);
		return [...longest!, ...(await super.sort(others!))];
	}
}

/** `fast` needs nothing but Node; `postgres` starts a real server once and gives each file its own database. */
export default defineConfig({
	test: {
		sequence: { sequencer: LongestFirst },
		// The server that the tests ask works while they wait: as many files at once as there are cores.
		maxWorkers: availableParallelism(),
		projects: [
			{
				test: {
					name: "fast",
					include: ["tests/domain/**/*.spec.ts", "tests/{exports,imports}/**/*.spec.ts", "tests/*.spec.ts"],
					testTimeout: 30_000,
				},
			},
			{
				test: {
					name: "postgres",
					include: ["tests/{db,emails,faults,http}/**/*.spec.ts"],
					globalSetup: "tests/postgres.ts",
					// Each file has a database of its own; reading the app's modules once for all saves a minute.
					isolate: false,
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
