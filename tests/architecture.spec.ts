import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

/*
 * The one order of imports: a file imports from its own row or one above, never from one below. The first pattern that
 * matches a file gives its row.
 */
const rows: [name: string, files: RegExp][] = [
	["config, paths", /^app\/(config\.server|paths)\.ts$/],
	["domain", /^app\/domain\//],
	["i18n", /^app\/i18n\//],
	["forms", /^app\/forms\//],
	["exports, imports", /^app\/(exports|imports)\//],
	["db", /^db\//],
	["emails", /^emails\//],
	["use-cases", /^app\/use-cases\//],
	["jobs", /^app\/jobs\//],
	["http", /^app\/http\//],
	["components", /^app\/components\//],
	["routes", /^app\/(routes\/|root\.tsx$|entry\.)/],
	["server", /^server\.ts$/],
];

type Import = { from: string; to: string; typeOnly: boolean; names: string[] };

const sources = [...filesIn("app", "db", "emails"), "server.ts"];
const imports = sources.flatMap(importsOf);

function filesIn(...folders: string[]): string[] {
	return folders
		.flatMap((folder) =>
			readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
		)
		.filter((name) => /\.tsx?$/.test(name));
}

function importsOf(from: string): Import[] {
	const text = readFileSync(from, "utf8");
	const statements = text.matchAll(
		/^(?:import|export)\s+(type\s)?([^;'"]*?)from\s+"([#.][^"]+)"|^import\s+"([#.][^"]+)"/gm,
	);
	return [...statements].map(([, type, clause, named, bare]) => {
		const specifier = (named ?? bare)!.replace(/\?.*$/, "");
		const to = specifier.startsWith("#")
			? specifier.slice(1)
			: relative(".", resolve(dirname(from), specifier));
		return { from, to, typeOnly: Boolean(type), names: clause?.match(/\w+/g) ?? [] };
	});
}

function rowOf(file: string): number {
	return rows.findIndex(([, files]) => files.test(file));
}

test("every source file has its row", () => {
	expect(sources.filter((file) => rowOf(file) < 0)).toEqual([]);
	expect(imports.length).toBeGreaterThan(200);
});

test("imports go up the rows, never down", () => {
	// A type costs nothing at run time, but it says what knows what: it follows the same order.
	const wrong = imports.filter(({ from, to }) => /\.tsx?$/.test(to) && rowOf(to) > rowOf(from));
	expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

test("there are no circles", () => {
	const next = new Map(
		sources.map((file) => [file, imports.filter(({ from }) => from === file).map(({ to }) => to)]),
	);
	const done = new Set<string>();
	function circleFrom(file: string, path: string[]): string[] | null {
		if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
		if (done.has(file)) return null;
		for (const to of next.get(file) ?? []) {
			const circle = circleFrom(to, [...path, file]);
			if (circle) return circle;
		}
		done.add(file);
		return null;
	}
	for (const file of sources) expect(circleFrom(file, [])).toBeNull();
});

test("components never import a server-only file, but for its types", () => {
	const wrong = imports.filter(
		({ from, to, typeOnly }) => from.startsWith("app/components/") && /\.server\.tsx?$/.test(to) && !typeOnly,
	);
	expect(wrong).toEqual([]);
});

test("a route never imports another route", () => {
	expect(
		imports.filter(({ from, to }) => from.startsWith("app/routes/") && to.startsWith("app/routes/")),
	).toEqual([]);
});

test("what is exported is imported somewhere", () => {
	const used = [...imports, ...filesIn("tests", "scripts", "bench").flatMap(importsOf)];
	const known = new Set(used.flatMap(({ to, names }) => names.map((name) => `${to} ${name}`)));
	// The parts of a route and of a migration are read by their names.
	const modules = sources.filter(
		(file) => !/^(app\/(routes\/|root\.tsx$|entry\.)|db\/migrations\/)/.test(file),
	);
	const idle = modules.flatMap((file) => {
		const exports = readFileSync(file, "utf8").matchAll(
			/^export (?:async )?(?:function\*?|const|class|type) (\w+)/gm,
		);
		return [...exports].map(([, name]) => `${file} ${name}`).filter((one) => !known.has(one));
	});
	expect(idle).toEqual([]);
});

test("only the outbox, and the start that makes it, know the transport", () => {
	const know = imports.filter(({ to }) => to === "emails/transport.server.ts").map(({ from }) => from);
	expect(know.sort()).toEqual(["app/jobs/worker.server.ts", "emails/outbox.server.ts", "server.ts"]);
});

test("only the start reads the environment", () => {
	const readers = sources.filter((file) => /process\.env\b/.test(readFileSync(file, "utf8")));
	expect(readers).toEqual(["server.ts"]);
});

test("a pure rule knows neither the clock nor the world", () => {
	const impure = sources.filter((file) => {
		if (!file.startsWith("app/domain/") || file.endsWith(".server.ts")) return false;
		return /new Date\(\)|Date\.now|Math\.random|from "node:|fetch\(/.test(readFileSync(file, "utf8"));
	});
	expect(impure).toEqual([]);
});

test("every organizer loader and action starts with its guard", () => {
	const open = /organizer-(sign-in|sign-in-link|sign-out)\.tsx?$/;
	const routes = sources.filter((file) => file.startsWith("app/routes/organizer-") && !open.test(file));
	expect(routes.length).toBeGreaterThan(8);
	for (const file of routes) {
		const functions = readFileSync(file, "utf8").matchAll(
			/export async function (loader|action)\([^)]*\)[^{]*\{\s*([^\n]*)/g,
		);
		for (const [, name, first] of functions) {
			expect(first, `${file} ${name}`).toMatch(/await requireOrganizer\(/);
		}
	}
});

test("every loader of the API starts with its guard, and the API has no action", () => {
	const routes = sources.filter((file) => file.startsWith("app/routes/api-"));
	expect(routes.length).toBeGreaterThan(3);
	for (const file of routes) {
		const functions = [
			...readFileSync(file, "utf8").matchAll(/export async function (\w+)\(.*\{\s*([^\n]*)/g),
		];
		expect(functions.map(([, name]) => name)).toEqual(["loader"]);
		expect(functions[0]![2], file).toMatch(/await requireApiToken\(/);
	}
});
