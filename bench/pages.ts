import { fillWithDemo } from "#app/jobs/demo.server.ts";
import { paths } from "#app/paths.ts";
import { weighPage } from "#tests/weigh.ts";
import { answerOf, bareServer, load, openLab } from "./lab.ts";
import { kilobytes, type Row, share, times, whole } from "./table.ts";

const origin = { publicUrl: "http://localhost", mailAddress: "inscriptions@exemple.ca", domain: "localhost" };

/** List pages per second of the demo site, beside a node:http server that sends the same bytes. */
export async function measureListPage(seconds: number): Promise<Row[]> {
	const lab = await openLab();
	await fillWithDemo(lab.db, origin, new Date());
	const bare = await bareServer(await answerOf(lab.app.url + paths.list("fr")));
	try {
		const rows: Row[] = [];
		await load({ url: lab.app.url, path: "/", connections: 32, seconds: 2 });
		for (const connections of [32, 64]) {
			const job = { path: paths.list("fr"), connections, seconds };
			const limit = await load({ ...job, url: bare.url });
			const seen = await load({ ...job, url: lab.app.url });
			rows.push({
				what: `list pages/s, ${connections} connections`,
				figure: `${whole(seen.perSecond)}, p99 ${whole(seen.p99)} ms`,
				limit: `node:http ${whole(limit.perSecond)}, p99 ${whole(limit.p99)} ms`,
				ratio: share(seen.perSecond, limit.perSecond),
				target: "≥ 50 %",
			});
		}
		return rows;
	} finally {
		bare.stop();
		await lab.stop();
	}
}

/** What each public page weighs with its style, font and script, and how long a start takes beside one that serves nothing else. */
export async function measurePages(): Promise<Row[]> {
	const lab = await openLab();
	await fillWithDemo(lab.db, origin, new Date());
	const { slugFr } = await lab.db.selectFrom("workshop").select("slugFr").executeTakeFirstOrThrow();
	try {
		const answer = await answerOf(lab.app.url + paths.list("fr"));
		const before = performance.now();
		const bare = await bareServer(answer);
		const limit = performance.now() - before;
		bare.stop();
		const rows: Row[] = [
			{
				what: "cold start, database at hand",
				figure: `${whole(lab.coldStart)} ms`,
				limit: `node:http ${whole(limit)} ms`,
				ratio: times(lab.coldStart, limit),
			},
		];
		for (const path of [paths.list("fr"), paths.workshop("fr", slugFr), paths.register("fr", slugFr)]) {
			const { total, parts } = await weigh(lab.app.url, path);
			rows.push({ what: `page ${path}`, figure: `${kilobytes(total)} (${parts})`, target: "≤ 50 kB" });
		}
		return rows;
	} finally {
		await lab.stop();
	}
}

async function weigh(url: string, path: string) {
	const weights = await weighPage(await (await fetch(url + path)).text(), url);
	const total = [...weights.values()].reduce((sum, size) => sum + size, 0);
	return { total, parts: [...weights].map(([kind, size]) => `${kind} ${kilobytes(size)}`).join(", ") };
}
