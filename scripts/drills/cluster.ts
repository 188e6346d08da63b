import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { freePort } from "#tests/app-process.ts";

/* Debian's own etcd, Patroni, Postgres 15, PgBouncer and HAProxy on loopback, in a folder that goes away. As root. */
export type Node = {
	name: string;
	/** Where Patroni answers. */
	rest: number;
	port: number;
	start(): void;
	/** As a machine that loses its power: Patroni and every Postgres process at once. */
	lose(): Promise<void>;
};

export type Cluster = {
	/** Through PgBouncer in transaction mode. */
	pooledUrl: string;
	/** Through HAProxy to whichever node is the primary. */
	directUrl: string;
	nodes: [Node, Node];
	/** One address in front of both instances, which listen on `appPorts`. */
	origin: string;
	appPorts: [number, number];
	/** The name of the node that takes writes, or null while there is none. */
	primary(): Promise<string | null>;
	/** Whether there is a replica that Patroni would fail over to: one that has every commit. */
	replicaInStep(): Promise<boolean>;
	/** Asks the primary to hand over, as for an update of its machine. */
	switchover(): void;
	/** `drain` lets an instance finish what it has; `ready` sends people to it again, and waits until they are. */
	setInstance(index: number, state: "drain" | "ready"): Promise<void>;
	stop(): Promise<void>;
};

const bin = "/usr/lib/postgresql/15/bin";
const programs = [
	"/usr/bin/etcd",
	"/usr/bin/patroni",
	"/usr/sbin/pgbouncer",
	"/usr/sbin/haproxy",
	`${bin}/postgres`,
];
const packages = "patroni etcd-server haproxy pgbouncer postgresql-15";
const postgresUser = {
	uid: Number(execFileSync("id", ["-u", "postgres"])),
	gid: Number(execFileSync("id", ["-g", "postgres"])),
};

export async function startCluster(): Promise<Cluster> {
	const missing = programs.filter((program) => !existsSync(program));
	if (missing.length > 0) {
		throw new Error(
			`There is no ${missing.join(", ")} here. First: apt-get install --no-install-recommends ${packages}`,
		);
	}
	const folder = await mkdtemp(join(tmpdir(), "presence-drill-"));
	chownSync(folder, postgresUser.uid, postgresUser.gid);
	const ports = await Promise.all(Array.from({ length: 11 }, freePort));
	const [etcdPort, etcdPeer, rest1, rest2, port1, port2, primaryPort, poolPort, webPort, app1, app2] =
		ports as [...[number, number, number, number, number, number, number, number, number, number, number]];
	const running = new Map<string, ChildProcess>();
	// However this process ends, nothing of the cluster stays behind: Patroni stops its Postgres.
	process.on("exit", () => {
		for (const child of running.values()) child.kill("SIGTERM");
	});

	function run(name: string, command: string, args: string[]): void {
		const log = openSync(join(folder, `${name}.log`), "a");
		const child = spawn(command, args, {
			...postgresUser,
			cwd: folder,
			env: {
				NODE_ENV: "production",
				PATH: `${bin}:/usr/sbin:/usr/bin:/bin`,
				HOME: folder,
				LC_ALL: "C.UTF-8",
			},
			stdio: ["ignore", log, log],
		});
		closeSync(log);
		running.set(name, child);
	}

	function write(name: string, text: string): string {
		const file = join(folder, name);
		writeFileSync(file, text);
		chownSync(file, postgresUser.uid, postgresUser.gid);
		return file;
	}

	const etcd = `http://127.0.0.1:${etcdPort}`;
	const peer = `http://127.0.0.1:${etcdPeer}`;
	run("etcd", "etcd", [
		...["--name=one", "--data-dir=etcd", `--listen-client-urls=${etcd}`, `--advertise-client-urls=${etcd}`],
		...[
			`--listen-peer-urls=${peer}`,
			`--initial-advertise-peer-urls=${peer}`,
			`--initial-cluster=one=${peer}`,
		],
	]);

	function node(name: string, rest: number, port: number): Node {
		const data = join(folder, name);
		mkdirSync(data, { mode: 0o700 });
		chownSync(data, postgresUser.uid, postgresUser.gid);
		const file = write(`${name}.yml`, patroniSettings({ name, rest, port, etcdPort, folder, data }));
		return {
			name,
			rest,
			port,
			start: () => run(name, "patroni", [file]),
			async lose() {
				const postmaster = Number.parseInt(readFileSync(join(data, "postmaster.pid"), "utf8"), 10);
				const backends = execFileSync("ps", ["-o", "pid=", "--ppid", String(postmaster)]).toString();
				running.get(name)?.kill("SIGKILL");
				for (const pid of [postmaster, ...backends.split("\n").map(Number).filter(Boolean)]) {
					try {
						process.kill(pid, "SIGKILL");
					} catch {
						// It has ended with its parent.
					}
				}
			},
		};
	}

	const nodes: [Node, Node] = [node("one", rest1, port1), node("two", rest2, port2)];
	/** The node of which Patroni says so: it knows a replica in step some seconds after Postgres does. */
	async function nodeThatIs(role: "primary" | "sync"): Promise<string | null> {
		for (const { name, rest } of nodes) {
			const answer = await fetch(`http://127.0.0.1:${rest}/${role}`, {
				signal: AbortSignal.timeout(2000),
			}).catch(() => null);
			if (answer?.ok) return name;
		}
		return null;
	}
	const primary = () => nodeThatIs("primary");
	const replicaInStep = async () => (await nodeThatIs("sync")) !== null;

	nodes[0].start();
	await until("a primary", async () => (await primary()) !== null);
	nodes[1].start();
	const socket = join(folder, "haproxy.sock");
	const servers = { nodes, primaryPort, webPort, apps: [app1, app2], socket };
	run("haproxy", "haproxy", ["-f", write("haproxy.cfg", haproxySettings(servers))]);
	const directUrl = `postgresql://postgres@127.0.0.1:${primaryPort}`;
	await query(`postgresql://postgres@127.0.0.1:${port1}/postgres`, "create database presence", 20_000);
	// HAProxy believes that every server is well until it has looked twice.
	await delay(3000);
	await until("the way to the primary", () => answers(`${directUrl}/presence`));
	write("users.txt", '"postgres" ""\n');
	run("pgbouncer", "pgbouncer", [write("pgbouncer.ini", pgbouncerSettings(poolPort, primaryPort, folder))]);
	const pooledUrl = `postgresql://postgres@127.0.0.1:${poolPort}/presence`;
	await until("the pooler", () => answers(pooledUrl));
	await until("a replica in step", replicaInStep);

	return {
		pooledUrl,
		directUrl: `${directUrl}/presence`,
		nodes,
		origin: `http://127.0.0.1:${webPort}`,
		appPorts: [app1, app2],
		primary,
		replicaInStep,
		switchover() {
			const args = ["-c", join(folder, "one.yml"), "switchover", "presence", "--force"];
			execFileSync("patronictl", args, { ...postgresUser, cwd: folder, stdio: "pipe" });
		},
		async setInstance(index, state) {
			const name = `app${index + 1}`;
			const tell = (command: string) =>
				execFileSync("python3", ["-c", sendToSocket, socket, `${command}\n`]).toString();
			tell(`set server instances/${name} state ${state}`);
			const isUp = async () => new RegExp(`^instances,${name},.*,UP,`, "m").test(tell("show stat"));
			if (state === "ready") await until(`${name} in the proxy`, isUp);
		},
		async stop() {
			for (const name of ["pgbouncer", "haproxy", "one", "two", "etcd"]) {
				const child = running.get(name);
				if (!child || child.exitCode !== null || child.signalCode !== null) continue;
				const gone = once(child, "exit");
				child.kill(name === "pgbouncer" ? "SIGINT" : "SIGTERM");
				await Promise.race([gone, delay(20_000)]);
				child.kill("SIGKILL");
			}
			await rm(folder, { recursive: true, force: true });
		},
	};
}

const sendToSocket =
	"import socket,sys; s=socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.send(sys.argv[2].encode()); sys.stdout.write(s.makefile().read())";

type NodeFacts = {
	name: string;
	rest: number;
	port: number;
	etcdPort: number;
	folder: string;
	data: string;
};

/** A commit is acknowledged once the replica has it too: what was answered outlives the primary's machine. */
function patroniSettings({ name, rest, port, etcdPort, folder, data }: NodeFacts): string {
	return `scope: presence
name: ${name}
restapi: { listen: "127.0.0.1:${rest}", connect_address: "127.0.0.1:${rest}" }
etcd3: { host: "127.0.0.1:${etcdPort}" }
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 5
    retry_timeout: 5
    synchronous_mode: true
    postgresql: { use_pg_rewind: true, parameters: { max_connections: 100, wal_log_hints: "on" } }
  initdb: [ { encoding: UTF8 }, { locale: C }, { auth-host: trust }, { auth-local: trust } ]
  pg_hba: [ "local all all trust", "host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust" ]
postgresql:
  listen: 127.0.0.1:${port}
  connect_address: 127.0.0.1:${port}
  data_dir: ${data}
  bin_dir: ${bin}
  basebackup: [ { checkpoint: fast } ]
  pgpass: ${folder}/${name}.pgpass
  parameters: { unix_socket_directories: ${folder} }
  authentication:
    superuser: { username: postgres, password: unused }
    replication: { username: replicator, password: unused }
    rewind: { username: rewinder, password: unused }
`;
}

type Servers = {
	nodes: Node[];
	primaryPort: number;
	webPort: number;
	apps: number[];
	socket: string;
};

function haproxySettings({ nodes, primaryPort, webPort, apps, socket }: Servers): string {
	const databases = nodes.map(
		({ name, port, rest }) => `  server ${name} 127.0.0.1:${port} check port ${rest} inter 1s fall 2 rise 1`,
	);
	const instances = apps.map(
		(port, index) => `  server app${index + 1} 127.0.0.1:${port} check inter 500ms fall 2 rise 1`,
	);
	return `global
  stats socket ${socket} mode 600 level admin
defaults
  timeout connect 4s
  timeout check 5s
  timeout client 60s
  timeout server 60s
listen primary
  bind 127.0.0.1:${primaryPort}
  mode tcp
  option httpchk GET /primary
  default-server on-marked-down shutdown-sessions
${databases.join("\n")}
listen instances
  bind 127.0.0.1:${webPort}
  mode http
  option httpchk
  http-check send meth GET uri /health ver HTTP/1.1 hdr Host localhost
  option http-server-close
  option redispatch
  retries 3
${instances.join("\n")}
`;
}

function pgbouncerSettings(port: number, primaryPort: number, folder: string): string {
	return `[databases]
presence = host=127.0.0.1 port=${primaryPort} dbname=presence user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${folder}/users.txt
pool_mode = transaction
default_pool_size = 10
max_client_conn = 200
server_login_retry = 1
query_wait_timeout = 20
`;
}

async function query(url: string, text: string, withinMs = 2000) {
	const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: withinMs });
	client.on("error", () => {});
	await client.connect();
	try {
		return (await client.query(text)).rows;
	} finally {
		await client.end();
	}
}

async function answers(url: string): Promise<boolean> {
	return query(url, "select 1").then(
		() => true,
		() => false,
	);
}

export async function until(
	what: string,
	isTrue: () => Promise<boolean>,
	withinMs = 90_000,
): Promise<number> {
	const before = performance.now();
	while (!(await isTrue().catch(() => false))) {
		if (performance.now() - before > withinMs) throw new Error(`Waited in vain for ${what}.`);
		await delay(100);
	}
	return performance.now() - before;
}
