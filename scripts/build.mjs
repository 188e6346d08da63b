import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build as bundle } from "esbuild";
import { build as buildSite } from "vite";

const sources = ["app", "db", "emails", "public", "scripts"];
const files = ["server.ts", "package-lock.json", "remix.config.js", "vite.config.ts", "tsconfig.json"];
const stamp = "build/sources.sha256";
const lock = ".build.lock";

/** Builds into `build/` when the sources differ from what the build there was made of. One process at a time. */
export async function buildIfStale() {
	if (isFresh()) return;
	await whileLocked(async () => {
		if (!isFresh()) await build();
	});
}

async function build() {
	console.log("Construction du site… / Building the site…");
	rmSync(stamp, { force: true });
	process.env.NODE_ENV = "production";
	await buildSite({ logLevel: "error" });
	await buildSite({ logLevel: "error", build: { ssr: true } });
	await bundle({
		entryPoints: ["server.ts"],
		outfile: "build/server.js",
		bundle: true,
		format: "esm",
		platform: "node",
		target: "node20",
		packages: "external",
		jsx: "automatic",
		sourcemap: true,
	});
	writeFileSync(stamp, hashOfSources());
}

function isFresh() {
	try {
		return readFileSync(stamp, "utf8") === hashOfSources();
	} catch {
		return false;
	}
}

function hashOfSources() {
	const hash = createHash("sha256");
	const inFolders = sources.flatMap((folder) =>
		readdirSync(folder, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile())
			.map((entry) => join(entry.parentPath ?? entry.path, entry.name)),
	);
	for (const file of [...files, ...inFolders].sort()) hash.update(file).update(readFileSync(file));
	return hash.digest("hex");
}

/** A folder is made by one process alone; one left by a process that is gone is taken over. */
async function whileLocked(work) {
	for (;;) {
		try {
			mkdirSync(lock);
			writeFileSync(join(lock, "pid"), String(process.pid));
			break;
		} catch (error) {
			if (error.code !== "EEXIST") throw error;
			if (!isHeld()) rmSync(lock, { recursive: true, force: true });
			await new Promise((resolve) => setTimeout(resolve, 300));
		}
	}
	try {
		await work();
	} finally {
		rmSync(lock, { recursive: true, force: true });
	}
}

function isHeld() {
	try {
		process.kill(Number(readFileSync(join(lock, "pid"), "utf8")), 0);
		return true;
	} catch (error) {
		return error.code === "EPERM";
	}
}

if (import.meta.filename === process.argv[1]) await buildIfStale();
