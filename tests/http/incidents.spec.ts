import { afterAll, beforeAll, expect, test } from "vitest";
import { incidentFields } from "#app/domain/incident.ts";
import { formatDay } from "#app/i18n/format.ts";
import { fr } from "#app/i18n/fr.ts";
import { paths } from "#app/paths.ts";
import { erasePast } from "#app/use-cases/erase-past.server.ts";
import { newId } from "#db/id.ts";
import { findIncident, listIncidents } from "#db/queries/incidents.server.ts";
import { type RunningApp, startApp } from "#tests/app-process.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import {
	anIncident,
	givenIncident,
	givenOrganizer,
	givenOrganizerCookie,
	givenWorkshop,
} from "#tests/fixtures.ts";
import { problemsOfPage } from "#tests/html-rules.ts";
import { formsOf } from "./read-page.ts";

let database: TestDatabase;
let app: RunningApp;
let ownerId: string;
let Cookie: string;
const words = fr.organizer.incidents;

beforeAll(async () => {
	database = await createTestDatabase();
	await givenWorkshop(database.db);
	({ id: ownerId } = await givenOrganizer(database.db, { role: "owner" }));
	Cookie = await givenOrganizerCookie(database.db, ownerId);
	app = await startApp({ DATABASE_URL: database.url });
});
afterAll(async () => {
	await app.stop();
	await database.drop();
});

async function open(address: string) {
	const answer = await fetch(app.url + address, { headers: { Cookie } });
	return { status: answer.status, headers: answer.headers, html: await answer.text() };
}

async function send(address: string, fields: Record<string, string>) {
	const answer = await fetch(app.url + address, {
		method: "POST",
		headers: { Cookie, "Sec-Fetch-Site": "same-origin" },
		body: new URLSearchParams(fields),
		redirect: "manual",
	});
	return { status: answer.status, location: answer.headers.get("Location"), html: await answer.text() };
}

/** The form of an address with what it holds, and what somebody types over it. */
async function filledForm(address: string, changes: Record<string, string>) {
	const { html } = await open(address);
	const form = formsOf(html, address, app.url).find(({ fields }) =>
		fields.some(({ name }) => name === "circumstances"),
	)!;
	const held = form.fields.filter(({ kind }) => kind !== "radio").map(({ name, value }) => [name, value]);
	return { risk: "none", ...Object.fromEntries(held), ...changes };
}

function typed(changes: Partial<Record<string, string>> = {}): Record<string, string> {
	const { commissionToldOn, ...described } = anIncident();
	return { ...described, commissionToldOn: commissionToldOn ?? "", ...changes } as Record<string, string>;
}

async function auditOf(id: string) {
	const rows = await database.db.selectFrom("audit").selectAll().orderBy("id").execute();
	return rows.filter(({ data }) => (data as { incident?: string }).incident === id);
}

test("a register without incidents says what to do first", async () => {
	const { html } = await open(paths.organizer.incidents());
	expect(html).toContain(words.none);
	for (const step of words.steps) expect(html).toContain(step);
	expect(html).not.toContain(paths.organizer.incidentsCsv());
	expect(problemsOfPage(html)).toEqual([]);
});

test("an incident is written once however often its form is sent, and shown whole", async () => {
	const form = await filledForm(paths.organizer.incident("new"), typed({ risk: "serious" }));
	const id = form.id!;
	const both = await Promise.all([1, 2].map(() => send(paths.organizer.incident("new"), form)));
	for (const { status, location } of both)
		expect([status, location]).toEqual([303, `${paths.organizer.incidents()}?enregistre`]);
	expect(await listIncidents(database.db)).toHaveLength(1);
	expect(await findIncident(database.db, id)).toMatchObject({
		...anIncident({ risk: "serious" }),
		revision: 1,
	});
	const { html, headers } = await open(paths.organizer.incidents());
	expect(headers.get("Cache-Control")).toContain("no-store");
	const { circumstances, information, people, riskReasons, measures } = anIncident();
	for (const text of [circumstances, information, people, riskReasons, measures, words.tasks.tellCommission])
		expect(html).toContain(text);
	expect(html).toContain(words.keptUntil(formatDay(new Date("2031-11-20"), "fr", "UTC")));
	expect((await auditOf(id)).map(({ action, organizerId, data }) => ({ action, organizerId, data }))).toEqual(
		[{ action: "incident.recorded", organizerId: ownerId, data: { incident: id } }],
	);
});

test("a form that is refused keeps every word", async () => {
	const form = await filledForm(
		paths.organizer.incident("new"),
		typed({ learnedOn: "2999-01-01", people: "", circumstances: "<b>Le portable</b>" }),
	);
	const { status, html } = await send(paths.organizer.incident("new"), form);
	expect(status).toBe(400);
	expect(html).toContain(words.errors.future);
	expect(html).toContain(words.errors.people);
	expect(html).toContain("&lt;b&gt;Le portable&lt;/b&gt;");
	expect(html).toContain(`name="id" value="${form.id}"`);
	expect(problemsOfPage(html)).toEqual([]);
	expect(await findIncident(database.db, form.id!)).toBeUndefined();
});

test("of two pages open at once, the second to save compares first", async () => {
	const id = await givenIncident(database.db, ownerId);
	const address = paths.organizer.incident(id);
	const first = await filledForm(address, { people: "20" });
	const second = await filledForm(address, { measures: "Un mot de passe changé" });
	expect((await send(address, first)).status).toBe(303);
	const refused = await send(address, second);
	expect(refused.status).toBe(409);
	expect(refused.html).toContain(words.errors.conflict);
	expect(refused.html).toContain(words.stored);
	expect(refused.html).toContain("Un mot de passe changé");
	expect(await findIncident(database.db, id)).toMatchObject({ people: "20", revision: 2 });
	const again = formsOf(refused.html, address, app.url).find(({ fields }) =>
		fields.some(({ name }) => name === "circumstances"),
	)!;
	const revision = again.fields.find(({ name }) => name === "revision")!.value;
	expect((await send(address, { ...second, revision })).status).toBe(303);
	expect(await findIncident(database.db, id)).toMatchObject({ people: "18", revision: 3 });
	const changes = (await auditOf(id)).map(({ data }) => data);
	expect(changes).toEqual([
		{ incident: id },
		{ incident: id, fields: ["people"] },
		{ incident: id, fields: ["people", "measures"] },
	]);
});

test("an incident leaves the register after five years, by an owner's hand alone", async () => {
	const { db } = database;
	const recent = await givenIncident(db, ownerId, { learnedOn: "2026-11-20" });
	const old = await givenIncident(db, ownerId, { learnedOn: "2015-11-20" });
	await erasePast(db, new Date("2046-01-01T05:00:00Z"));
	expect(await findIncident(db, recent)).toBeDefined();
	expect(await findIncident(db, old)).toBeDefined();
	expect((await open(paths.organizer.incident(recent))).html).not.toContain(words.deleteYes);
	const kept = await send(paths.organizer.incident(recent), { intent: "delete" });
	expect(kept.status).toBe(409);
	expect(kept.html).toContain(words.errors.kept);
	expect((await open(paths.organizer.incident(old))).html).toContain(words.deleteYes);
	const gone = await send(paths.organizer.incident(old), { intent: "delete" });
	expect(gone.location).toBe(`${paths.organizer.incidents()}?retire`);
	expect(await findIncident(db, old)).toBeUndefined();
	expect((await auditOf(old)).at(-1)).toMatchObject({ action: "incident.deleted", data: { incident: old } });
	expect((await send(paths.organizer.incident(old), { intent: "delete" })).status).toBe(404);
	const late = await send(paths.organizer.incident(old), typed({ revision: "1" }));
	expect(late.status).toBe(404);
});

test("whoever comes back to the form of an incident that was saved finds it, and writes no second one", async () => {
	const { html } = await open(paths.organizer.incident("new"));
	const id = /name="id" value="([^"]+)"/.exec(html)![1]!;
	const form = await filledForm(paths.organizer.incident("new", id), typed());
	expect(form.id).toBe(id);
	await send(paths.organizer.incident("new"), form);
	const back = await open(paths.organizer.incident("new", id));
	expect(back.html).toContain(words.change);
	expect(back.html).toContain('name="revision" value="1"');
	await database.db.deleteFrom("incident").where("id", "=", id).execute();
});

test("the log tells owners of the register, with the day that was corrected, and nobody else", async () => {
	const id = await givenIncident(database.db, ownerId, { learnedOn: "2026-11-20" });
	const address = paths.organizer.incident(id);
	await send(address, await filledForm(address, { learnedOn: "2026-11-10" }));
	expect((await auditOf(id)).at(-1)!.data).toEqual({
		incident: id,
		fields: ["learnedOn"],
		learnedOn: "2026-11-20",
	});
	const log = await open(paths.organizer.audit());
	expect(log.html).toContain(`${words.fields.learnedOn} (2026-11-20)`);
	expect(log.html).toContain(address);
	const { id: other } = await givenOrganizer(database.db);
	const headers = { Cookie: await givenOrganizerCookie(database.db, other) };
	const theirs = await (await fetch(app.url + paths.organizer.audit(), { headers })).text();
	expect(theirs).not.toContain("incident");
	await database.db.deleteFrom("incident").where("id", "=", id).execute();
});

test("what nobody wrote is not found", async () => {
	expect((await open(paths.organizer.incident(newId()))).status).toBe(404);
	expect((await send(paths.organizer.incident("new"), typed())).status).toBe(404);
	expect((await send(paths.organizer.incident("new"), typed({ id: "x" }))).status).toBe(404);
});

test("the register is a file whose cells cannot run", async () => {
	const id = await givenIncident(database.db, ownerId, { people: "=1+1", commissionToldOn: "2026-11-21" });
	const { headers, html: csv } = await open(paths.organizer.incidentsCsv());
	expect(headers.get("Content-Type")).toContain("text/csv");
	expect(headers.get("Content-Disposition")).toMatch(
		/filename="registre-des-incidents-de-confidentialite-\d{4}-\d\d-\d\d\.csv"/,
	);
	expect(headers.get("Cache-Control")).toContain("no-store");
	const [head, ...rows] = csv.trimEnd().split("\r\n");
	expect(head!.split(";")).toHaveLength(incidentFields.length);
	expect(rows).toHaveLength((await listIncidents(database.db)).length);
	expect(csv).toContain(";'=1+1;");
	expect(csv).toContain(";2026-11-21;");
	await database.db.deleteFrom("incident").where("id", "=", id).execute();
});
