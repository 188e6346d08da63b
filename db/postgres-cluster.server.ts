import { execFile, spawn } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import {
	chown,
	link,
	mkdtemp,
	open,
	readdir,
	readFile,
	readlink,
	realpath,
	rename,
	rm,
} from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { type Account, accountFor, type Binaries, findBinaries } from "./postgres-binaries.server.ts";

/** A folder of database files, and what it takes to run Postgres on it. */
export type Cluster = { folder: string; log: string; account: Account | null; binaries: Binaries };

export type Launch = { pid: number | undefined; ended: boolean };

/** The only role. The operating system guards the way in, not a password. */
export const superuser = "presence";

const run = promisify(execFile);
// Nothing of this machine's own Postgres settings, language or zone leaks in.
const environment: NodeJS.ProcessEnv = { NODE_ENV: "production", LC_ALL: "C", TZ: "UTC" };

export async function findCluster(folder: string, log: string): Promise<Cluster> {
	const account = await accountFor(folder);
	return { folder, log, account, binaries: await findBinaries(account) };
}

/**
 * Makes the files of a new cluster unless they are there. They get their name all at once: a crash leaves nothing half
 * made under it, and of two processes that do this together one wins and the other uses the winner's.
 */
export async function createCluster(cluster: Cluster, flags: string[]): Promise<void> {
	const isMade = () => existsSync(join(cluster.folder, "PG_VERSION"));
	if (isMade()) return removeDrafts(cluster);
	const draft = await mkdtemp(`${cluster.folder}.new-`);
	try {
		if (cluster.account) await chown(draft, cluster.account.uid, cluster.account.gid);
		await initialize(cluster, draft, flags);
		await rename(draft, cluster.folder);
		await syncFolder(dirname(cluster.folder));
	} catch (error) {
		await rm(draft, { recursive: true, force: true });
		if (!isMade()) throw error;
	}
}

async function initialize(cluster: Cluster, draft: string, flags: string[]): Promise<void> {
	const all = ["-D", here(cluster), `--username=${superuser}`, "--encoding=UTF8", "--locale=C", ...flags];
	const french = ["--locale-provider=icu", "--icu-locale=fr-CA"];
	const plain = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
	const options = { cwd: draft, env: environment, ...cluster.account };
	try {
		await run(cluster.binaries.initdb, [...all, ...french], options);
	} catch (error) {
		if (!/ICU is not supported/.test(String(error))) throw error;
		await run(cluster.binaries.initdb, [...all, ...plain], options);
	}
}

/** Starts the server without waiting for it. It outlives this process and its Ctrl-C, and writes to the cluster's log. */
export function launchServer(cluster: Cluster, settings: Record<string, string | number>): Launch {
	const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
	const log = openSync(cluster.log, "a", 0o600);
	const child = spawn(cluster.binaries.postgres, ["-D", here(cluster), ...flags], {
		cwd: cluster.folder,
		env: environment,
		...cluster.account,
		detached: true,
		stdio: ["ignore", log, log],
	});
	closeSync(log);
	child.unref();
	const launch: Launch = { pid: child.pid, ended: false };
	const end = () => {
		launch.ended = true;
	};
	child.on("exit", end).on("error", end);
	return launch;
}

/**
 * The process id of the server that runs on this cluster, or null. What `postmaster.pid` says is only believed of a
 * process that is at work in the cluster's folder: after a power cut the number may belong to any other program.
 */
export async function serverProcess(cluster: Cluster): Promise<number | null> {
	const pid = await readPid(pidFile(cluster));
	return pid && (await isServer(cluster, pid)) ? pid : null;
}

/**
 * Removes the locks of a server that was killed, when their number belongs to another program now, or to a process that
 * has ended and that nobody has buried: Postgres would take either for a server that runs, and refuse to start.
 */
export async function forgetLostServer(cluster: Cluster): Promise<void> {
	const sockets = (await readdir(cluster.folder)).filter((name) => /^\.s\.PGSQL\.\d+\.lock$/.test(name));
	for (const file of [pidFile(cluster), ...sockets.map((name) => join(cluster.folder, name))])
		await forgetLock(cluster, file);
}

async function forgetLock(cluster: Cluster, file: string): Promise<void> {
	const pid = await readPid(file);
	if (!pid || !isAlive(pid) || (await isServer(cluster, pid))) return;
	const aside = `${file}.${process.pid}`;
	await rename(file, aside);
	// Another process has started the server in the meantime: this is the new file.
	if ((await readPid(aside)) !== pid) await link(aside, file);
	await rm(aside);
}

/** Stops the server at once, transactions under way included, with everything committed on the disk. */
export async function stopServer(cluster: Cluster, withinMs: number): Promise<void> {
	const deadline = Date.now() + withinMs;
	const pid = await serverProcess(cluster);
	if (!pid) return;
	process.kill(pid, "SIGINT");
	// Whoever arrives may have started another by the time of the next look.
	while ((await serverProcess(cluster)) === pid) {
		if (Date.now() > deadline) throw new Error(`Postgres does not stop. ${await logTail(cluster)}`);
		await delay(20);
	}
}

/** The last lines that the server wrote. */
export async function logTail(cluster: Cluster): Promise<string> {
	const log = await readFile(cluster.log, "utf8").catch(() => "");
	return log.trim().split("\n").slice(-10).join("\n");
}

/**
 * How the server names its own folder. It starts inside it, which root can arrange even where the account that runs
 * Postgres may not enter a folder above, such as root's home; Linux then lets it come back by this name.
 */
function here(cluster: Cluster): string {
	return cluster.account && process.platform === "linux" ? "/proc/self/cwd" : ".";
}

function pidFile(cluster: Cluster): string {
	return join(cluster.folder, "postmaster.pid");
}

async function readPid(file: string): Promise<number | null> {
	const text = await readFile(file, "utf8").catch(() => "");
	return Number.parseInt(text, 10) || null;
}

function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}

async function isServer(cluster: Cluster, pid: number): Promise<boolean> {
	try {
		if (process.platform === "linux") {
			return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(cluster.folder));
		}
		const { stdout } = await run("ps", ["-o", "comm=", "-p", String(pid)]);
		return basename(stdout.trim()) === "postgres";
	} catch {
		return false;
	}
}

/** What a start that was killed left behind, or one that loses to us and will notice. */
async function removeDrafts(cluster: Cluster): Promise<void> {
	const parent = dirname(cluster.folder);
	const drafts = (await readdir(parent)).filter((name) =>
		name.startsWith(`${basename(cluster.folder)}.new-`),
	);
	for (const draft of drafts) await rm(join(parent, draft), { recursive: true, force: true, maxRetries: 5 });
}

/** Makes the new name last through a power cut. */
async function syncFolder(folder: string): Promise<void> {
	const handle = await open(folder);
	await handle.sync();
	await handle.close();
}
