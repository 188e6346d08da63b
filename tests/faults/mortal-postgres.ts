import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import {
	createCluster,
	findCluster,
	type Launch,
	launchServer,
	logTail,
	stopServer,
	superuser,
} from "#db/postgres-cluster.server.ts";
import { freePort } from "../app-process.ts";

export type MortalPostgres = {
	/** Straight to the server, for who looks on. */
	url: string;
	/** Through a proxy that can cut. */
	proxiedUrl: string;
	/** kill -9; `restart` starts it again on the same files. */
	kill(): Promise<void>;
	restart(): Promise<void>;
	/** The next commits happen, but their replies never arrive. Resolves when the last was cut. */
	cutAtCommit(times: number): void;
	/** How many replies were cut so far. */
	cuts(): number;
	stop(): Promise<void>;
};

/** CommandComplete with the tag COMMIT (PostgreSQL, Frontend/Backend Protocol, Message Formats). */
const commitReply = Buffer.from("C\0\0\0\x0bCOMMIT\0", "latin1");

/** A Postgres that syncs as a site's does, and can be killed, behind a proxy that can cut at the worst moment. */
export async function startMortalPostgres(): Promise<MortalPostgres> {
	const folder = await mkdtemp(join(tmpdir(), "presence-faults-"));
	const cluster = await findCluster(join(folder, "postgres"), join(folder, "postgres.log"));
	await createCluster(cluster, ["--auth=trust", "--no-sync"]);
	const port = await freePort();
	const url = `postgresql://${superuser}@127.0.0.1:${port}/presence`;
	const settings = { listen_addresses: "127.0.0.1", port, unix_socket_directories: "", max_connections: 100 };
	let launch: Launch;

	async function start(): Promise<void> {
		const deadline = Date.now() + 60_000;
		launch = launchServer(cluster, settings);
		while (!(await accepts(url.replace(/presence$/, "postgres")))) {
			if (Date.now() > deadline) throw new Error(`Postgres does not start:\n${await logTail(cluster)}`);
			await delay(100);
			// The processes of the one that was killed may keep its place for a moment.
			if (launch.ended) launch = launchServer(cluster, settings);
		}
	}

	await start();
	const client = new pg.Client(url.replace(/presence$/, "postgres"));
	await client.connect();
	await client.query("create database presence");
	await client.end();

	let toCut = 0;
	let cut = 0;
	const sockets = new Set<Socket>();
	const proxy = createServer((app) => {
		const server = connect(port, "127.0.0.1");
		for (const socket of [app, server]) {
			sockets.add(socket);
			socket.setNoDelay(true);
			socket.on("error", () => {});
			socket.on("close", () => {
				sockets.delete(socket);
				app.destroy();
				server.destroy();
			});
		}
		app.pipe(server);
		server.on("data", (chunk) => {
			if (toCut > 0 && chunk.includes(commitReply)) {
				toCut -= 1;
				cut += 1;
				app.destroy();
			} else app.write(chunk);
		});
	}).listen(0, "127.0.0.1");
	await once(proxy, "listening");
	const address = proxy.address() as { port: number };

	return {
		url,
		proxiedUrl: url.replace(String(port), String(address.port)),
		async kill() {
			process.kill(launch.pid!, "SIGKILL");
			await delay(300);
		},
		restart: start,
		cutAtCommit(times) {
			toCut = times;
		},
		cuts: () => cut,
		async stop() {
			for (const socket of sockets) socket.destroy();
			proxy.close();
			await stopServer(cluster, 30_000);
			await rm(folder, { recursive: true, force: true });
		},
	};
}

async function accepts(url: string): Promise<boolean> {
	const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
	client.on("error", () => {});
	try {
		await client.connect();
		return true;
	} catch {
		return false;
	} finally {
		await client.end().catch(() => {});
	}
}
