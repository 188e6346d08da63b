import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "#tests/app-process.ts";

/*
 * npm run drill:restarts -- 30: the app with its own database, killed with it in the middle of writing, and started again
 * at once, so many times. Tells how long each start took, and shows the log of one that takes over a minute.
 */
const times = Number(process.argv[2] ?? 30);
const longestMs = 60_000;
const folder = await mkdtemp(join(tmpdir(), "presence-restarts-"));
const port = String(await freePort());
const url = `http://127.0.0.1:${port}`;

function launch() {
	const child = spawn(process.execPath, ["build/server.js"], {
		env: { PATH: process.env.PATH, NODE_ENV: "production", DATA_DIR: folder, PORT: port },
		stdio: ["ignore", "ignore", "inherit"],
	});
	return child;
}

async function servesAfter(): Promise<number | null> {
	const before = performance.now();
	while (performance.now() - before < longestMs) {
		const answer = await fetch(`${url}/health`).catch(() => null);
		await answer?.arrayBuffer();
		if (answer?.ok) return Math.round(performance.now() - before);
		await delay(50);
	}
	return null;
}

function serverPid(): number {
	return Number.parseInt(readFileSync(join(folder, "postgres", "postmaster.pid"), "utf8"), 10);
}

const taken: number[] = [];
const kinds = ["both", "database first", "app alone", "database alone"] as const;
let child = launch();
await servesAfter();
for (let time = 0; time < times; time += 1) {
	const kind = kinds[time % kinds.length]!;
	const gone = once(child, "exit");
	if (kind !== "app alone") process.kill(serverPid(), "SIGKILL");
	if (kind === "database first") await delay(time * 20);
	if (kind !== "database alone") {
		child.kill("SIGKILL");
		await gone;
		child = launch();
	}
	const ms = await servesAfter();
	if (ms === null) {
		console.log(
			`Start ${time + 1} (${kind}) took over a minute:\n${readFileSync(`${folder}/postgres.log`, "utf8").slice(-3000)}`,
		);
		process.exitCode = 1;
		break;
	}
	taken.push(ms);
	// Something to lose: the site is asked for while it dies.
	void fetch(url).catch(() => {});
	await delay(300);
}
const sorted = taken.toSorted((a, b) => a - b);
const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)];
console.log(JSON.stringify({ restarts: taken.length, medianMs: at(0.5), p95Ms: at(0.95), longestMs: at(1) }));
const end = once(child, "exit");
child.kill("SIGTERM");
await end;
await rm(folder, { recursive: true, force: true });
