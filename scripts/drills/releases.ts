import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { paths } from "#app/paths.ts";
import { newestMigration } from "#db/migrate.server.ts";
import { type RunningApp, signInByConsole, startApp } from "#tests/app-process.ts";
import { startTestPostgres } from "#tests/postgres.ts";
import { until } from "./cluster.ts";
import { signUp } from "./sign-up.ts";

/*
 * npm run drill:releases -- 73cf84b: an update as it happens. The release of that commit serves the demo site; this one
 * starts beside it on the same database and brings the schema to the newest; the old one goes on serving meanwhile. Tells
 * what each answered, whether every email left whole, and whether the old one still starts afterwards.
 */
const commit = process.argv[2];
if (!commit) throw new Error("Say which release to come from: npm run drill:releases -- COMMIT");
const run = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), "presence-releases-"));
const old = join(folder, "old");
const postgres = await startTestPostgres();
const environment = {
	DATABASE_URL: await postgres.createDatabase("presence"),
	COOKIE_SECRET: "a-secret-that-both-releases-know",
	ORGANIZER_EMAIL: "responsable@exemple.ca",
};
const apps: RunningApp[] = [];
const seen: Record<string, number> = {};
let people = 0;
let wrong = 0;

async function inDatabase(statement: string) {
	const client = new pg.Client(environment.DATABASE_URL);
	await client.connect();
	const { rows } = await client.query(statement).finally(() => client.end());
	return rows;
}

async function start(directory: string): Promise<RunningApp> {
	const app = await startApp(environment, directory);
	apps.push(app);
	return app;
}

function count(what: string, isRight: boolean): void {
	seen[what] = (seen[what] ?? 0) + 1;
	if (!isRight) wrong += 1;
}

/** Sends the form that `app` shows, as somebody new. */
async function send(name: string, app: RunningApp, workshop: string): Promise<void> {
	people += 1;
	const { status, page } = await signUp(app.url, workshop, `Zoé Roy ${people}`, `zoe.${people}@exemple.ca`);
	count(`${name}: sign-up ${status}, its page ${page}`, status === 303 && page === 200);
}

try {
	await run("git", ["worktree", "add", "--detach", old, commit]);
	await run("npm", ["ci"], { cwd: old });
	await run("npm", ["run", "build"], { cwd: old });
	await inDatabase("drop schema public cascade; create schema public");
	const before = await start(old);
	await run(process.execPath, ["--import", "tsx", "scripts/demo.ts"], {
		cwd: old,
		env: { ...process.env, ...environment, PUBLIC_URL: before.url },
	});
	const cookie = await signInByConsole(before);
	const [workshop] = await inDatabase("select slug_fr from workshop order by created_at limit 1");
	const [session] = await inDatabase("select id from session order by starts_at limit 1");
	await send("old, before", before, workshop.slug_fr);
	const schema = "select max(name) as name from kysely_migration";
	const [{ name: from }] = await inDatabase(schema);

	const after = await start(process.cwd());
	const [{ name: to }] = await inDatabase(schema);
	const pages = [
		paths.list("fr"),
		paths.workshop("fr", workshop.slug_fr),
		"/organizer",
		paths.organizer.session(session.id),
		paths.organizer.csv(session.id),
		paths.organizer.xlsx(session.id),
		"/organizer/emails",
	];
	for (let round = 0; round < 10; round += 1) {
		await send("old, beside the new", before, workshop.slug_fr);
		// A crowd, whose emails either of them may send.
		await Promise.all(Array.from({ length: 5 }, () => send("new", after, workshop.slug_fr)));
		for (const path of pages) {
			const { status } = await fetch(before.url + path, { headers: { Cookie: cookie }, redirect: "manual" });
			count(`old, beside the new: ${path.replace(session.id, ":id")} ${status}`, status === 200);
		}
	}
	const registered = await inDatabase("select from registration where name like 'Zoé Roy %'");
	console.log(`${commit} on ${from}, then on ${to} (the newest is ${newestMigration}):`);
	console.log(seen);
	console.log(`${people} forms were sent, ${registered.length} people are registered.`);
	if (registered.length !== people) wrong += 1;
	const left = "from email where to_name like 'Zoé Roy %'";
	await until(
		"the mail",
		async () => (await inDatabase(`select ${left} and status in ('queued', 'sending')`)).length === 0,
	);
	const whole = await inDatabase(
		`select ${left} and status = 'captured' and text like '%' || to_name || '%'`,
	);
	console.log(`${whole.length} emails left, each with its reader's name in its text.`);
	if (whole.length !== people) wrong += 1;
	await before.stop();
	const again = await start(old).then(
		() => "starts again on the newest schema",
		(error: Error) => `does not start again: ${/Error: .*/.exec(error.message)?.[0]}`,
	);
	console.log(`The old release ${again}.`);
	console.log(wrong === 0 ? "Every answer was what it should be." : `${wrong} answers were not.`);
	process.exitCode = wrong === 0 ? 0 : 1;
} finally {
	await Promise.all(apps.map((app) => app.stop()));
	await postgres.stop();
	await run("git", ["worktree", "remove", "--force", old]).catch(() => {});
	await rm(folder, { recursive: true, force: true });
}
