import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { join } from "node:path";
import type { ServerBuild } from "@remix-run/node";
import type pg from "pg";
import { type Config, readConfig } from "#app/config.server.ts";
import { logError, tameConsole } from "#app/http/log.server.ts";
import { createMetrics, type Metrics } from "#app/http/metrics.server.ts";
import { createPatientServer } from "#app/http/patient-server.server.ts";
import { createListener, type SiteContext } from "#app/http/site.server.ts";
import { fillWithDemo } from "#app/jobs/demo.server.ts";
import { scheduledJobs, startScheduler } from "#app/jobs/scheduler.server.ts";
import { startWebhookWorker } from "#app/jobs/webhook-worker.server.ts";
import { startMailWorker } from "#app/jobs/worker.server.ts";
import { paths } from "#app/paths.ts";
import { mailOrigin } from "#app/use-cases/mail-origin.ts";
import { reachOf } from "#app/use-cases/post-webhook.server.ts";
import { createRegistrar } from "#app/use-cases/registrar.server.ts";
import { makeConsoleLink } from "#app/use-cases/sign-in.server.ts";
import { isDatabaseUnavailable, openDatabase } from "#db/client.server.ts";
import { type Embedded, startEmbedded } from "#db/embedded.server.ts";
import { migrateToLatest } from "#db/migrate.server.ts";
import { ensureFirm } from "#db/queries/firm.server.ts";
import { ensureOwner, somebodySignedIn } from "#db/queries/organizers.server.ts";
import { transportFor } from "#emails/transport.server.ts";

const databaseWaitMs = 60_000;
const longestFarewellMs = 5_000;
/** Not yet accepted, as many as Linux allows: it drops whoever comes next, who tries again a second or three later. */
const mostConnecting = 4_096;

/** Starts everything, in the order that each part needs the one before; stops it in the reverse order. */
async function start(config: Config): Promise<void> {
	const embedded = config.databaseUrl ? null : await startEmbedded(config.dataDir);
	try {
		await startOn(config, embedded);
	} catch (error) {
		await embedded?.stop();
		throw error;
	}
}

async function startOn(config: Config, embedded: Embedded | null): Promise<void> {
	const connection: pg.PoolConfig = embedded?.connection ?? { connectionString: config.databaseUrl ?? "" };
	const direct: pg.PoolConfig = embedded?.connection ?? { connectionString: config.databaseDirectUrl ?? "" };
	await migrate(direct);

	const database = openDatabase(connection);
	const { db } = database;
	const origin = mailOrigin(config);
	const transport = transportFor(config);
	const secrets = config.secrets.length > 0 ? config.secrets : [ownSecret(config.dataDir)];
	const secret = secrets[0]!;
	const webhookSettings = {
		publicUrl: config.publicUrl,
		secrets,
		reach: reachOf(config.webhooksToPrivateAddresses),
		chance: Math.random,
	};
	await ensureFirm(db, config.mailFrom.name || "Présence", new Date());
	const owner = await ensureOwner(db, config.organizerEmail, new Date());
	if (embedded?.isNew && config.demo) await fillWithDemo(db, origin, new Date());

	const worker = startMailWorker(
		db,
		direct,
		transport,
		{ publicUrl: config.publicUrl, secret, from: config.mailFrom, bounceAddress: config.bounceAddress },
		logError,
	);
	const webhooks = startWebhookWorker(db, webhookSettings, logError);
	function wake(): void {
		worker.wake();
		webhooks.wake();
	}
	const context: SiteContext = {
		config,
		db,
		registrar: createRegistrar(db, origin, () => new Date(), wake),
		origin,
		secrets: [secret, ...secrets.slice(1)],
		webhooks: webhookSettings,
		wake,
	};
	const server = await serve(context, createMetrics(database.pool));
	if (config.production) tameConsole();
	// Whoever starts it on their own machine may always enter; logs of a hosted one are read by others too.
	const mayEnter = embedded !== null || !(await somebodySignedIn(db));
	announce(context, mayEnter ? await makeConsoleLink(db, origin, owner, new Date()) : null);
	const stopScheduler = startScheduler(scheduledJobs(db, origin, wake), logError);

	let stopping = false;
	async function stop(): Promise<void> {
		if (stopping) process.exit(1);
		stopping = true;
		await closed(server);
		await stopScheduler();
		await Promise.all([worker.stop(), webhooks.stop()]);
		transport.close();
		await database.close();
		await embedded?.stop();
		process.exit(0);
	}
	process.on("SIGTERM", stop);
	process.on("SIGINT", stop);
}

/** Waits for a database that is still starting, then brings its schema up to date. */
async function migrate(connection: pg.PoolConfig): Promise<void> {
	const deadline = Date.now() + databaseWaitMs;
	const database = openDatabase({ ...connection, max: 2 });
	try {
		for (;;) {
			try {
				return await migrateToLatest(database.db);
			} catch (error) {
				if (!isDatabaseUnavailable(error) || Date.now() > deadline) throw error;
				await new Promise((resolve) => setTimeout(resolve, 500));
			}
		}
	} finally {
		await database.close();
	}
}

/** Kept with the data: links in emails stay good from one start to the next. */
function ownSecret(dataDir: string): string {
	const file = join(dataDir, "secret");
	mkdirSync(dataDir, { recursive: true });
	if (!existsSync(file)) {
		try {
			writeFileSync(file, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx" });
		} catch (error) {
			// Another process that starts now has just written it.
			if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
		}
	}
	return readFileSync(file, "utf8").trim();
}

async function serve(context: SiteContext, metrics: Metrics): Promise<Server> {
	const { config } = context;
	let server: Server;
	if (config.production) {
		const built = new URL("./server/index.js", import.meta.url).href;
		const build = (await import(built)) as ServerBuild;
		server = createPatientServer(createListener(context, build, metrics));
	} else {
		const { createServer: createVite } = await import("vite");
		const vite = await createVite({ server: { middlewareMode: true } });
		const build = () => vite.ssrLoadModule("virtual:remix/server-build") as Promise<ServerBuild>;
		const listener = createListener(context, build, metrics);
		server = createPatientServer((request, response) =>
			vite.middlewares(request, response, () => listener(request, response)),
		);
	}
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(config.port, config.host, mostConnecting, resolve);
	});
	return server;
}

function announce(context: SiteContext, consoleLink: string | null): void {
	const { config } = context;
	console.log(`
  Présence
  Site public / Public site         ${config.publicUrl}
  Responsables / Organizers         ${consoleLink ?? config.publicUrl + paths.organizer.signIn()}
${consoleLink ? "                                    (une seule fois, dix minutes / once, within ten minutes)\n" : ""}`);
	if (!config.smtpUrl) {
		console.log("  SMTP_URL n’est pas définie : les courriels se lisent dans l’espace des responsables.\n");
	}
}

/** Lets the requests under way finish; connections that are kept alive and idle are closed as they become so. */
async function closed(server: Server): Promise<void> {
	const idle = setInterval(() => server.closeIdleConnections(), 100);
	// A connection that has sent nothing, or reads too slowly, is not waited for.
	const late = setTimeout(() => server.closeAllConnections(), longestFarewellMs);
	await new Promise((resolve) => server.close(resolve));
	clearInterval(idle);
	clearTimeout(late);
}

try {
	await start(readConfig(process.env));
} catch (error) {
	const failure = error as NodeJS.ErrnoException;
	if (failure.code === "EADDRINUSE") {
		console.error("Présence cannot start: this port is taken. Set PORT to another one.");
	} else if (isDatabaseUnavailable(error)) {
		console.error(
			`Présence cannot start: its database is out of reach (${failure.code ?? failure.message}).`,
		);
	} else {
		console.error(failure.message.startsWith("Présence cannot") ? failure.message : failure.stack);
	}
	process.exit(1);
}
