import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { openDatabase } from "#db/client.server.ts";
import { migrateToLatest } from "#db/migrate.server.ts";
import { createCluster, findCluster, launchServer, logTail, superuser } from "#db/postgres-cluster.server.ts";

export type TestPostgres = {
	/** The address of a database on this server, as `DATABASE_URL` wants it. */
	url(database: string): string;
	/** Makes an empty database with the newest schema, and returns its address. */
	createDatabase(name: string): Promise<string>;
	stop(): Promise<void>;
};

declare module "vitest" {
	interface ProvidedContext {
		postgresPort: number;
	}
}

const template = "presence_template";

/** One server for all the tests of a run; each test file clones its database from the template. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	const postgres = await startTestPostgres();
	project.provide("postgresPort", postgres.port);
	return postgres.stop;
}

/**
 * A real Postgres in a folder of its own. It trades its durability for speed, unless `durable` asks for the settings
 * that a site has.
 */
export async function startTestPostgres({ durable = false } = {}): Promise<TestPostgres & { port: number }> {
	const folder = await mkdtemp(join(tmpdir(), "presence-test-"));
	const cluster = await findCluster(join(folder, "postgres"), join(folder, "postgres.log"));
	await createCluster(cluster, ["--auth=trust", "--no-sync"]);
	const port = await freePort();
	const server = launchServer(cluster, {
		listen_addresses: "127.0.0.1",
		port,
		unix_socket_directories: "",
		max_connections: 200,
		...(durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
	});
	const stop = stopWithThisProcess(server.pid, folder);
	try {
		await until(async () => {
			if (server.ended) throw new Error(`The Postgres of the tests ended:\n${await logTail(cluster)}`);
			return accepts(port);
		});
		await createTemplate(port);
	} catch (error) {
		await stop();
		throw error;
	}
	return {
		port,
		url: (database) => databaseUrl(port, database),
		createDatabase: (name) => createDatabase(port, name),
		stop,
	};
}

/** Clones the template into a new database and returns its address. */
export async function createDatabase(port: number, name: string): Promise<string> {
	await administer(port, `create database "${name}" template ${template} strategy file_copy`);
	return databaseUrl(port, name);
}

/** Removes a database, and ends whatever is still connected to it. */
export async function dropDatabase(port: number, name: string): Promise<void> {
	await administer(port, `drop database if exists "${name}" with (force)`);
}

/** The address of a database, as `DATABASE_URL` wants it. */
export function databaseUrl(port: number, database: string): string {
	return `postgresql://${superuser}@127.0.0.1:${port}/${database}`;
}

async function createTemplate(port: number): Promise<void> {
	await administer(port, `create database ${template}`);
	const database = openDatabase({ connectionString: databaseUrl(port, template) });
	await migrateToLatest(database.db);
	await database.close();
}

async function administer(port: number, statement: string): Promise<void> {
	const client = new pg.Client(databaseUrl(port, "postgres"));
	await client.connect();
	try {
		await client.query(statement);
	} finally {
		await client.end();
	}
}

async function accepts(port: number): Promise<boolean> {
	try {
		await administer(port, "select 1");
		return true;
	} catch {
		return false;
	}
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
	const deadline = Date.now() + 30_000;
	while (!(await isTrue())) {
		if (Date.now() > deadline) throw new Error("The Postgres of the tests does not answer.");
		await delay(20);
	}
}

/** A shell whose input ends with this process, however it ends: a killed test run leaves no server and no folder. */
function stopWithThisProcess(pid: number | undefined, folder: string): () => Promise<void> {
	const script = `cat; kill -QUIT "$1"; n=0
		while kill -0 "$1" && [ $n -lt 100 ]; do n=$((n + 1)); sleep 0.05; done
		rm -rf "$2"`;
	const shell = spawn("/bin/sh", ["-c", script, "sh", String(pid), folder], {
		detached: true,
		stdio: ["pipe", "ignore", "ignore"],
	});
	shell.unref();
	(shell.stdin as Socket).unref();
	return async () => {
		if (shell.exitCode !== null) return;
		const exit = once(shell, "exit");
		shell.ref();
		shell.stdin.end();
		await exit;
	};
}

async function freePort(): Promise<number> {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	server.close();
	await once(server, "close");
	if (!address || typeof address === "string") throw new Error("This machine has no free port.");
	return address.port;
}
