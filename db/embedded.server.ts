import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import {
	type Cluster,
	createCluster,
	findCluster,
	forgetLostServer,
	type Launch,
	launchServer,
	logTail,
	serverProcess,
	stopServer,
	superuser,
} from "./postgres-cluster.server.ts";

export type Embedded = {
	connection: pg.PoolConfig;
	/** True when this start made the database, which is then empty. */
	isNew: boolean;
	/** Leaves the server, and stops it when no other process uses it. Close every pool first. */
	stop(): Promise<void>;
};

type Route = { host: string; remove(): Promise<void> };
type Entry = { keeper: pg.Client; isNew: boolean };

const database = "presence";
const port = 5432;
const startWithinMs = 120_000;
const stopWithinMs = 60_000;
const pauseMs = 50;
const pauseAfterLossMs = 500;
const pauseAfterFailureMs = 5000;
const mostLaunches = 3;
/** A socket's path has room for 104 bytes on macOS and 108 on Linux. */
const longestSocketPath = 100;

const settings = {
	listen_addresses: "",
	unix_socket_directories: ".",
	unix_socket_permissions: "0700",
	port,
	cluster_name: "presence",
	fsync: "on",
	// What went wrong in a statement quotes addresses and answers. The application is told; the log is about the server.
	log_min_messages: "log",
	log_min_error_statement: "panic",
	log_checkpoints: "off",
};

/*
 * Each process keeps one connection that holds a shared advisory lock, the lock of the living. Whoever leaves then tries
 * to take it alone, which only the last one out can, and it stops the server. Postgres drops the lock of a process that
 * was killed, so nothing is ever left behind: no files to clean, no clock, no number taken over by another program.
 */
const lockOfTheLiving = 1;

/**
 * Runs Postgres on the files in `dataDir`, which the first start makes. Joins the server that another process runs on
 * them, and starts it again should it end. Throws a sentence, with the end of the server's log when it did not start.
 */
export async function startEmbedded(dataDir: string): Promise<Embedded> {
	const folder = resolve(dataDir);
	try {
		await mkdir(folder, { recursive: true, mode: 0o700 });
		const cluster = await findCluster(join(folder, "postgres"), join(folder, "postgres.log"));
		await createCluster(cluster, ["--auth-local=trust", "--auth-host=reject"]);
		return await stayConnected(cluster, await routeTo(cluster));
	} catch (error) {
		throw new Error(`Présence cannot start its own database in ${folder}. ${messageOf(error)}`, {
			cause: error,
		});
	}
}

/** The socket is in the server's own private folder. When its path is too long for one, a short link leads there. */
async function routeTo(cluster: Cluster): Promise<Route> {
	if (Buffer.byteLength(join(cluster.folder, `.s.PGSQL.${port}`)) <= longestSocketPath) {
		return { host: cluster.folder, remove: async () => {} };
	}
	const short = await mkdtemp("/tmp/presence-");
	await symlink(cluster.folder, join(short, "data"));
	return { host: join(short, "data"), remove: () => rm(short, { recursive: true, force: true }) };
}

async function stayConnected(cluster: Cluster, { host, remove }: Route): Promise<Embedded> {
	let keeper: pg.Client | null = null;
	let leaving = false;

	async function enter(): Promise<boolean> {
		const entry = await enterServer(cluster, host);
		keeper = entry.keeper.once("end", comeBack);
		return entry.isNew;
	}

	async function comeBack(): Promise<void> {
		keeper = null;
		while (!leaving && !keeper) {
			try {
				await enter();
			} catch (error) {
				console.error(messageOf(error));
				await delay(pauseAfterFailureMs);
			}
		}
	}

	async function stop(): Promise<void> {
		leaving = true;
		if (keeper && (await isLastOut(keeper))) await stopServer(cluster, stopWithinMs);
		await keeper?.end();
		await remove();
	}

	const isNew = await enter().catch(async (error) => {
		await remove();
		throw error;
	});
	return { connection: { host, port, user: superuser, database, ssl: false }, isNew, stop };
}

/** Waits for the server to answer, and starts it when none runs. */
async function enterServer(cluster: Cluster, host: string): Promise<Entry> {
	const deadline = Date.now() + startWithinMs;
	let launch: Launch | null = null;
	let launches = 0;
	let refusal: unknown;
	while (Date.now() < deadline) {
		try {
			return await takePlace(host);
		} catch (error) {
			refusal = error;
		}
		const isDown = (launch?.ended ?? true) && !(await serverProcess(cluster));
		if (isDown) {
			// A launch may fail for nothing but the server of another process, and that one may be stopping by now.
			if (launches === mostLaunches) break;
			launches += 1;
			await forgetLostServer(cluster);
			launch = launchServer(cluster, settings);
		}
		// Processes of a server that was killed may need a moment to notice, and keep its place until then.
		await delay(launch?.ended ? pauseAfterLossMs : pauseMs);
	}
	throw new Error(`${messageOf(refusal)}. The end of ${cluster.log}:\n${await logTail(cluster)}`);
}

/** Takes the lock of the living on a server that is up and not about to stop. */
async function takePlace(host: string): Promise<Entry> {
	const keeper = clientOf(host);
	try {
		await keeper.connect();
		await keeper.query("select pg_advisory_lock_shared($1)", [lockOfTheLiving]);
		// The lock is also free once its last owner has told the server to stop. Such a server lets nobody in any more.
		const newcomer = clientOf(host);
		await newcomer.connect();
		await newcomer.end();
		return { keeper, isNew: await createDatabase(keeper) };
	} catch (error) {
		await keeper.end();
		throw error;
	}
}

async function createDatabase(keeper: pg.Client): Promise<boolean> {
	const found = await keeper.query("select from pg_database where datname = $1", [database]);
	if (found.rowCount) return false;
	await keeper.query(`create database ${database}`);
	return true;
}

async function isLastOut(keeper: pg.Client): Promise<boolean> {
	try {
		await keeper.query("select pg_advisory_unlock_shared($1)", [lockOfTheLiving]);
		const { rows } = await keeper.query("select pg_try_advisory_lock($1) as alone", [lockOfTheLiving]);
		return rows[0].alone;
	} catch {
		// The server has ended by itself.
		return false;
	}
}

/** The lock is looked for in this one database: advisory locks of two databases do not meet. */
function clientOf(host: string): pg.Client {
	const client = new pg.Client({
		host,
		port,
		user: superuser,
		database: "postgres",
		ssl: false,
		application_name: "presence keeper",
		connectionTimeoutMillis: 5000,
		lock_timeout: 10_000,
	});
	// A lost connection is noticed by its end.
	return client.on("error", () => {});
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
