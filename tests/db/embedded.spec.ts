import { type ChildProcess, execFileSync, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { type Embedded, startEmbedded } from "#db/embedded.server.ts";
import { accountFor } from "#db/postgres-binaries.server.ts";

const settings = `
	select current_setting('fsync') as fsync, current_setting('listen_addresses') as addresses, datlocale as locale
	from pg_database where datname = current_database()`;
const within = { timeout: 20_000, interval: 20 };

/** Files that a first start made, to copy for the tests of later starts. */
let made: string;

beforeAll(async () => {
	made = await mkdtemp(join(tmpdir(), "presence-data-"));
	const embedded = await startEmbedded(made);
	await embedded.stop();
});

afterAll(() => rm(made, { recursive: true }));

test("the first start makes a durable, private, French database, and the next finds what was written", async () => {
	const dataDir = await newDataDir();
	const first = await started(dataDir);
	expect(first.isNew).toBe(true);
	expect(await query(first.connection, settings)).toEqual([{ fsync: "on", addresses: "", locale: "fr-CA" }]);
	await query(first.connection, "create table kept as select 42 as answer");
	await leave(first.process);
	expect(serverPid(dataDir)).toBe(null);

	const second = await started(dataDir);
	expect(second.isNew).toBe(false);
	expect(await query(second.connection, "select answer from kept")).toEqual([{ answer: 42 }]);
});

test("two processes share one server, which only the last to leave stops", async () => {
	const dataDir = await usedDataDir();
	const first = await started(dataDir);
	const second = await started(dataDir);
	const pid = serverPid(dataDir);

	await leave(first.process);
	expect(serverPid(dataDir)).toBe(pid);
	expect(await query(second.connection, "select 1 as one")).toEqual([{ one: 1 }]);

	await leave(second.process);
	expect(serverPid(dataDir)).toBe(null);
});

test("two first starts at the same time make one database, new to one of them", async () => {
	const dataDir = await newDataDir();
	const both = await Promise.all([started(dataDir), started(dataDir)]);
	expect(both.map(({ isNew }) => isNew).sort()).toEqual([false, true]);
	await query(both[0].connection, "create table kept as select 42 as answer");
	expect(await query(both[1].connection, "select answer from kept")).toEqual([{ answer: 42 }]);
	expect(await readdir(dataDir)).toEqual(["postgres", "postgres.log"]);
});

test("a server whose only process was killed is taken over with its data, and stops for the last that lives", async () => {
	const dataDir = await usedDataDir();
	const killed = await started(dataDir);
	await query(killed.connection, "create table kept as select 42 as answer");
	const pid = serverPid(dataDir);
	await kill(killed.process);
	expect(isAlive(pid!)).toBe(true);

	const next = await started(dataDir);
	expect(serverPid(dataDir)).toBe(pid);
	expect(next.isNew).toBe(false);
	expect(await query(next.connection, "select answer from kept")).toEqual([{ answer: 42 }]);
	await leave(next.process);
	expect(serverPid(dataDir)).toBe(null);
});

test("a start killed while it makes the files leaves none that the next start would trust", async () => {
	const dataDir = await newDataDir();
	const killed = launched(dataDir);
	await vi.waitUntil(async () => (await readdir(dataDir)).some(isDraft), within);
	await kill(killed);
	expect(existsSync(join(dataDir, "postgres"))).toBe(false);

	const next = await started(dataDir);
	expect(next.isNew).toBe(true);
	await leave(next.process);
	await started(dataDir);
	expect((await readdir(dataDir)).filter(isDraft)).toEqual([]);
});

test("a server that is killed comes back by itself with what was committed", async () => {
	const dataDir = await usedDataDir();
	const { connection } = await started(dataDir);
	await query(connection, "create table kept as select 42 as answer");
	const pid = serverPid(dataDir)!;
	process.kill(pid, "SIGKILL");
	await vi.waitUntil(() => serverPid(dataDir) !== pid, within);
	await vi.waitFor(
		async () => expect(await query(connection, "select answer from kept")).toEqual([{ answer: 42 }]),
		within,
	);
});

test("a postmaster.pid that names another program after a power cut is not believed", async () => {
	const dataDir = await usedDataDir();
	await writeFile(
		join(dataDir, "postgres", "postmaster.pid"),
		`${process.pid}\n/somewhere\n1700000000\n5432\n.\n`,
	);

	const next = await started(dataDir);
	expect(await query(next.connection, "select 1 as one")).toEqual([{ one: 1 }]);
	expect(serverPid(dataDir)).not.toBe(process.pid);
});

test("nor is the lock of its socket, which a server that was killed leaves too", async () => {
	const dataDir = await usedDataDir();
	// Postgres itself overlooks its parents and whoever it may not ask: somebody else of its own account.
	const account = await accountFor(join(dataDir, "postgres"));
	const other = spawn("sleep", ["60"], { ...account, stdio: "ignore" });
	onTestFinished(() => void other.kill());
	const lock = `${other.pid}\n/somewhere\n1700000000\n5432\n.\n`;
	await writeFile(join(dataDir, "postgres", ".s.PGSQL.5432.lock"), lock);

	const next = await started(dataDir);
	expect(await query(next.connection, "select 1 as one")).toEqual([{ one: 1 }]);
});

test("a folder whose path is too long for a socket works like any other", async () => {
	const dataDir = await usedDataDir("un-nom-de-dossier-qui-n-en-finit-pas".repeat(4));
	const first = await started(dataDir);
	const second = await started(dataDir);
	await leave(first.process);
	expect(await query(second.connection, "select 1 as one")).toEqual([{ one: 1 }]);
	await leave(second.process);
	expect(existsSync(String(first.connection.host))).toBe(false);
});

test("whoever arrives while the last one leaves has a server all the same", async () => {
	const dataDir = await usedDataDir();
	let last: Embedded = await startEmbedded(dataDir);
	for (let round = 0; round < 5; round += 1) {
		const [next] = await Promise.all([startEmbedded(dataDir), last.stop()]);
		expect(await query(next.connection, "select 1 as one")).toEqual([{ one: 1 }]);
		last = next;
	}
	await last.stop();
	expect(serverPid(dataDir)).toBe(null);
});

test("a start that cannot work says so in a sentence", async () => {
	const dataDir = await newDataDir();
	await mkdir(join(dataDir, "postgres"));
	await writeFile(join(dataDir, "postgres", "PG_VERSION"), "9\n");
	await expect(startEmbedded(dataDir)).rejects.toThrow(
		/^Présence cannot start its own database in .*The end of .*postgres\.log:\npostgres: could not/s,
	);
});

type Started = { process: ChildProcess; connection: pg.ClientConfig; isNew: boolean };

async function newDataDir(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "presence-data-"));
	onTestFinished(async () => {
		for (const name of await readdir(folder)) stopLeftover(name === "postgres" ? folder : join(folder, name));
		await rm(folder, { recursive: true, maxRetries: 20, retryDelay: 50 });
	});
	return folder;
}

/** A data folder that has been started and stopped before. */
async function usedDataDir(name = ""): Promise<string> {
	const dataDir = join(await newDataDir(), name);
	await mkdir(dataDir, { recursive: true });
	execFileSync("cp", ["-a", join(made, "postgres"), dataDir]);
	return dataDir;
}

function stopLeftover(dataDir: string): void {
	const pid = serverPid(dataDir);
	if (pid && pid !== process.pid && isAlive(pid)) process.kill(pid, "SIGQUIT");
}

function launched(dataDir: string): ChildProcess {
	const child = fork(new URL("./embedded-process.ts", import.meta.url), [dataDir], {
		execArgv: ["--import", "tsx"],
	});
	onTestFinished(() => {
		child.kill("SIGKILL");
	});
	return child;
}

async function started(dataDir: string): Promise<Started> {
	const child = launched(dataDir);
	const failed = once(child, "exit").then(([code]) =>
		Promise.reject(new Error(`The process ended: ${code}.`)),
	);
	failed.catch(() => {});
	const [message] = await Promise.race([once(child, "message"), failed]);
	return { process: child, ...message };
}

/** Ends as a process does that was asked to. */
async function leave(child: ChildProcess): Promise<void> {
	const exit = once(child, "exit");
	child.disconnect();
	expect(await exit).toEqual([0, null]);
}

async function kill(child: ChildProcess): Promise<void> {
	const exit = once(child, "exit");
	child.kill("SIGKILL");
	await exit;
}

async function query(connection: pg.ClientConfig, text: string): Promise<unknown[]> {
	const client = new pg.Client(connection);
	try {
		await client.connect();
		return (await client.query(text)).rows;
	} finally {
		await client.end();
	}
}

function serverPid(dataDir: string): number | null {
	const file = join(dataDir, "postgres", "postmaster.pid");
	return existsSync(file) ? Number.parseInt(readFileSync(file, "utf8"), 10) : null;
}

function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}

function isDraft(name: string): boolean {
	return name.startsWith("postgres.new-");
}
