import { finished } from "node:stream/promises";
import { sql } from "kysely";
import pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { paths } from "#app/paths.ts";
import { cookie, type Lab, memoryOf, openLab } from "./lab.ts";
import { givenManyRegistrations, givenSessions } from "./site.ts";
import { megabytes, type Row, times } from "./table.ts";

const people = 100_000;

/** CSV and XLSX of 100,000 registrations, beside `COPY … TO STDOUT` of the same rows in the same order. */
export async function measureExports(): Promise<Row[]> {
	const lab = await openLab();
	try {
		const { ids } = await givenSessions(lab.db, 1, people);
		const id = ids[0]!;
		await givenManyRegistrations(lab.db, ids, people);
		await sql`analyze`.execute(lab.db);
		// Once to warm up: the compiled code of a first export is not the export's memory.
		await download(lab, `${paths.organizer.csv(id)}?q=zoe+1234`);
		await download(lab, `${paths.organizer.xlsx(id)}?q=zoe+1234`);
		const limit = await copyOut(lab, id);
		const rows: Row[] = [];
		for (const [name, path] of [
			["CSV", paths.organizer.csv(id)],
			["XLSX", paths.organizer.xlsx(id)],
		] as const) {
			const first = await measured(lab, path);
			const { seconds, bytes, over } = await measured(lab, path);
			rows.push(
				{
					what: `${name} of 100,000 people`,
					figure: `${seconds.toFixed(1)} s, ${megabytes(bytes)}`,
					limit: `COPY ${limit.toFixed(1)} s`,
					ratio: times(seconds, limit),
					target: name === "CSV" ? "≤ 3 ×" : "",
				},
				{
					what: "",
					figure: `${megabytes(over)} at most over idle, the first time ${first.seconds.toFixed(1)} s and ${megabytes(first.over)}`,
					limit: `idle ${megabytes(first.idle)}`,
					target: "≤ 64 MB",
				},
			);
		}
		return rows;
	} finally {
		await lab.stop();
	}
}

/** A download with the memory that it took beyond what the process had before. */
async function measured(lab: Lab, path: string) {
	const memory = memoryOf(lab.app.process.pid!);
	const idle = await memory.now();
	await memory.forget();
	const { seconds, bytes } = await download(lab, path);
	return { seconds, bytes, idle, over: (await memory.most()) - idle };
}

async function download(lab: Lab, path: string): Promise<{ seconds: number; bytes: number }> {
	const before = performance.now();
	const answer = await fetch(lab.app.url + path, { headers: { Cookie: cookie } });
	if (!answer.ok || !answer.body) throw new Error(`${path} was answered ${answer.status}.`);
	let bytes = 0;
	const reader = answer.body.getReader();
	for (let part = await reader.read(); !part.done; part = await reader.read()) bytes += part.value.length;
	return { seconds: (performance.now() - before) / 1000, bytes };
}

async function copyOut(lab: Lab, sessionId: string): Promise<number> {
	const copy = `copy (
		select registration.*, booking.reference, booking.contact_name, booking.contact_email, waitlist_entry.seq
		from registration join booking on booking.id = registration.booking_id
		left join waitlist_entry on waitlist_entry.booking_id = booking.id
		where registration.session_id = '${sessionId}' order by registration.sort_name, registration.id
	) to stdout (format csv)`;
	const client = new pg.Client(lab.databaseUrl);
	await client.connect();
	const before = performance.now();
	await finished(client.query(copyTo(copy)).resume());
	const seconds = (performance.now() - before) / 1000;
	await client.end();
	return seconds;
}
