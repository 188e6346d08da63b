import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { en } from "#app/i18n/en.ts";
import { fr } from "#app/i18n/fr.ts";
import { listAttendees } from "#db/queries/attendees.server.ts";
import { listAudit } from "#db/queries/audit.server.ts";
import { type RunningApp, startApp } from "#tests/app-process.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import {
	emailsAbout,
	givenOrganizer,
	givenOrganizerCookie,
	givenQuestion,
	givenSession,
	seatsOf,
} from "#tests/fixtures.ts";
import { problemsOfPage } from "#tests/html-rules.ts";

/*
 * A list is imported over HTTP as a browser without scripts does it: each step sends the form of the page before.
 */
const words = fr.organizer.importList;
let database: TestDatabase;
let app: RunningApp;
const cookies: Record<"fr" | "en", string> = { fr: "", en: "" };

beforeAll(async () => {
	database = await createTestDatabase();
	const { db } = database;
	for (const locale of ["fr", "en"] as const) {
		const { id } = await givenOrganizer(db, { locale });
		cookies[locale] = await givenOrganizerCookie(db, id);
	}
	app = await startApp({ DATABASE_URL: database.url });
});

afterAll(async () => {
	await app.stop();
	await database.drop();
});

type Fields = Record<string, string | Blob>;
type Page = { status: number; body: string; location: string | null };

async function send(sessionId: string, fields: Fields, locale: "fr" | "en" = "fr"): Promise<Page> {
	const form = new FormData();
	for (const [name, value] of Object.entries(fields)) form.set(name, value);
	const response = await fetch(`${app.url}/organizer/sessions/${sessionId}/import`, {
		method: "POST",
		headers: { "Sec-Fetch-Site": "same-origin", Cookie: cookies[locale] },
		body: form,
		redirect: "manual",
	});
	return { status: response.status, body: await response.text(), location: response.headers.get("Location") };
}

function upload(sessionId: string, bytes: Uint8Array | string, locale: "fr" | "en" = "fr") {
	return send(sessionId, { intent: "read", file: new Blob([bytes as BlobPart]) }, locale);
}

/** What the form of a preview would send: every field as it stands, none of the buttons. */
function fieldsOf({ body }: Page): Record<string, string> {
	const fields: Record<string, string> = {};
	const text = (html: string) =>
		html
			.replaceAll("&quot;", '"')
			.replaceAll("&#x27;", "'")
			.replaceAll("&lt;", "<")
			.replaceAll("&gt;", ">")
			.replaceAll("&amp;", "&");
	for (const [tag] of body.matchAll(/<input[^>]*>/g)) {
		const name = /name="([^"]*)"/.exec(tag)?.[1];
		const ticks = /type="(checkbox|radio)"/.test(tag);
		if (name && (!ticks || tag.includes("checked")))
			fields[name] = text(/value="([^"]*)"/.exec(tag)?.[1] ?? "");
	}
	for (const [, name, options] of body.matchAll(/<select[^>]*name="([^"]*)"[^>]*>(.*?)<\/select>/g)) {
		fields[name!] = /value="([^"]*)" selected/.exec(options!)?.[1] ?? "";
	}
	return fields;
}

const list = `Prénom;Nom;Courriel;Langue;Employeur;Téléphone;Quel est votre métier?
Zoé;Roy;zoe@exemple.ca;Français;Coop Nord;+1 514 555-0100;Infirmière
Guy;Côté;guy@exemple.ca;Anglais;;0012;
`;

async function everyone(sessionId: string) {
	const { rows } = await listAttendees(database.db, { sessionId, tab: "all", search: "" }, 1);
	return rows;
}

test("a list is read, seen, and imported with everyone's confirmation in their language", async () => {
	const { db } = database;
	const sessionId = await givenSession(db);
	const session = await db
		.selectFrom("session")
		.selectAll()
		.where("id", "=", sessionId)
		.executeTakeFirstOrThrow();
	await givenQuestion(db, session.workshopId);
	const preview = await upload(sessionId, Buffer.from(list, "latin1"));
	expect(preview.status).toBe(200);
	for (const seen of [words.ready(2), words.seats.fit(2), "zoe@exemple.ca", "Guy Côté", "Infirmière"])
		expect(preview.body).toContain(seen);
	expect(problemsOfPage(preview.body)).toEqual([]);
	expect(await everyone(sessionId)).toEqual([]);

	const done = await send(sessionId, { ...fieldsOf(preview), intent: "tell" });
	expect(done).toMatchObject({ status: 303, location: expect.stringContaining("importees=2") });
	expect(await everyone(sessionId)).toMatchObject([
		{ name: "Guy Côté", locale: "en", phone: "0012", status: "confirmed" },
		{ name: "Zoé Roy", locale: "fr", phone: "+1 514 555-0100", organization: "Coop Nord" },
	]);
	const emails = await emailsAbout(db, sessionId);
	expect(emails.map(({ toAddress, locale }) => [toAddress, locale])).toEqual([
		["zoe@exemple.ca", "fr"],
		["guy@exemple.ca", "en"],
	]);
	// Sent twice, by a double click or the back button: once in the list.
	const again = await send(sessionId, { ...fieldsOf(preview), intent: "tell" });
	expect(again).toMatchObject({ status: 303, location: expect.stringContaining("dejaImportee") });
	expect(await everyone(sessionId)).toHaveLength(2);
	expect(await listAudit(db, { sessionId, action: "attendees.imported" })).toHaveLength(1);
});

test("two clicks at once bring the list once, and neither is an error", async () => {
	const sessionId = await givenSession(database.db);
	const preview = await upload(sessionId, "Nom\nAnne Roy\nLuc Roy\n");
	const answers = await Promise.all(
		[1, 2].map(() => send(sessionId, { ...fieldsOf(preview), intent: "quietly" })),
	);
	expect(answers.map(({ status }) => status)).toEqual([303, 303]);
	expect(await everyone(sessionId)).toHaveLength(2);
	expect(await emailsAbout(database.db, sessionId)).toEqual([]);
});

test("wrong lines are told in words, and stop the import until they are left out", async () => {
	const sessionId = await givenSession(database.db);
	const wrong =
		"Nom,Courriel,Langue\nZoé Roy,zoe@exemple.ca,\n,x@exemple.ca,\nGuy Roy,pas une adresse,\nLuc Roy,ZOE@exemple.ca,klingon\n";
	const preview = await upload(sessionId, wrong);
	for (const seen of [
		words.wrong(3),
		words.problem(words.fields.name, words.problems.name),
		words.problem(words.fields.email, words.problems.email),
		words.problem(words.fields.email, words.repeats(2)),
		words.problem(words.fields.locale, words.problems.locale),
	])
		expect(preview.body).toContain(seen);
	const stopped = await send(sessionId, { ...fieldsOf(preview), intent: "tell" });
	expect(stopped.status).toBe(409);
	expect(stopped.body).toContain(words.errors.wrongLines);
	expect(problemsOfPage(stopped.body)).toEqual([]);
	expect(await everyone(sessionId)).toEqual([]);
	const done = await send(sessionId, { ...fieldsOf(stopped), leaveOut: "yes", intent: "quietly" });
	expect(done.location).toContain("importees=1&attente=0&laissees=3");
	expect((await everyone(sessionId)).map(({ name }) => name)).toEqual(["Zoé Roy"]);
});

test("columns are chosen by hand, and what was not seen is not imported", async () => {
	const sessionId = await givenSession(database.db);
	const preview = await upload(sessionId, "Qui;Où\nZoé Roy;zoe@exemple.ca\n");
	expect(fieldsOf(preview)).toMatchObject({ column0: "name", column1: "email" });
	const first = await upload(sessionId, "Colonne;Courriel;Autre\nZoé Roy;zoe@exemple.ca;Zoé\n");
	expect(first.body).toContain(words.errors.noName);
	const refused = await send(sessionId, { ...fieldsOf(first), column0: "name", intent: "tell" });
	expect(refused).toMatchObject({ status: 409, body: expect.stringContaining(words.errors.changed) });
	const twice = await send(sessionId, {
		...fieldsOf(first),
		column0: "name",
		column2: "name",
		intent: "preview",
	});
	expect(twice.body).toContain(words.errors.repeated(words.fields.name));
	const seen = await send(sessionId, { ...fieldsOf(first), column0: "name", intent: "preview" });
	expect(seen.status).toBe(200);
	const other = await send(sessionId, { ...fieldsOf(seen), column0: "", column2: "name", intent: "tell" });
	expect(other.status).toBe(409);
	expect(await everyone(sessionId)).toEqual([]);
	expect((await send(sessionId, { ...fieldsOf(seen), intent: "quietly" })).status).toBe(303);
	expect((await everyone(sessionId)).map(({ name }) => name)).toEqual(["Zoé Roy"]);
});

test("a list that is longer than the seats says so, and asks what to do with those who do not fit", async () => {
	const sessionId = await givenSession(database.db, { capacity: 2, waitlistMode: "offer" });
	const four = "Nom\nA Roy\nB Roy\nC Roy\nD Roy\n";
	const preview = await upload(sessionId, four);
	expect(preview.body).toContain(words.seats.short(2, 2));
	expect(preview.body).toContain(words.exceed(2, 4));
	expect(problemsOfPage(preview.body)).toEqual([]);
	const asked = await send(sessionId, { ...fieldsOf(preview), intent: "quietly" });
	expect(asked).toMatchObject({ status: 409, body: expect.stringContaining(words.errors.full) });
	const done = await send(sessionId, { ...fieldsOf(asked), whenFull: "wait", intent: "quietly" });
	expect(done.location).toContain("importees=2&attente=2");
	expect(await seatsOf(database.db, sessionId)).toMatchObject({ taken: 2, waiting: 2 });

	const closed = await givenSession(database.db, { capacity: 2, waitlistMode: "none" });
	const second = await upload(closed, four);
	expect(second.body).not.toContain(words.wait(2));
	expect((await send(closed, { ...fieldsOf(second), whenFull: "wait", intent: "quietly" })).status).toBe(409);
	expect((await send(closed, { ...fieldsOf(second), whenFull: "exceed", intent: "quietly" })).status).toBe(
		303,
	);
	expect(await seatsOf(database.db, closed)).toMatchObject({ taken: 4, waiting: 0 });
});

test("what another organizer did since the preview is seen before anybody is added", async () => {
	const sessionId = await givenSession(database.db);
	const text = "Nom;Courriel\nZoé Roy;zoe@exemple.ca\nGuy Roy;guy@exemple.ca\n";
	const mine = await upload(sessionId, text);
	const theirs = await upload(sessionId, "Name,Email\nZoé Roy,zoe@exemple.ca\n", "en");
	expect(theirs.body).toContain(en.organizer.importList.ready(1));
	expect((await send(sessionId, { ...fieldsOf(theirs), intent: "tell" }, "en")).status).toBe(303);
	const changed = await send(sessionId, { ...fieldsOf(mine), leaveOut: "yes", intent: "tell" });
	expect(changed.status).toBe(409);
	expect(changed.body).toContain(words.errors.changed);
	expect(changed.body).toContain(words.problem(words.fields.email, words.problems.registered));
	expect(await everyone(sessionId)).toHaveLength(1);
});

test("the template comes back as a list of nobody, in both formats and languages", async () => {
	const sessionId = await givenSession(database.db);
	for (const locale of ["fr", "en"] as const) {
		for (const file of ["modele.csv", "modele.xlsx"]) {
			const response = await fetch(`${app.url}/organizer/sessions/${sessionId}/import/${file}`, {
				headers: { Cookie: cookies[locale] },
			});
			const page = await upload(sessionId, new Uint8Array(await response.arrayBuffer()), locale);
			expect(page.status).toBe(200);
			expect(fieldsOf(page)).toMatchObject({
				headed: "yes",
				column0: "name",
				column1: "email",
				column2: "organization",
				column3: "phone",
				column4: "locale",
				column5: "note",
			});
		}
	}
});

test("whatever is sent as a file, the answer is a page with a sentence", async () => {
	const sessionId = await givenSession(database.db);
	await fc.assert(
		fc.asyncProperty(
			fc.oneof(
				fc.uint8Array({ maxLength: 2000 }),
				fc
					.uint8Array({ maxLength: 500 })
					.map((bytes) => Buffer.concat([Buffer.from("PK\u0003\u0004"), bytes])),
				fc.string({ unit: "grapheme", maxLength: 500 }),
			),
			async (bytes) => {
				const page = await upload(sessionId, bytes);
				expect([200, 400]).toContain(page.status);
				expect(page.body).toContain("<h1>");
			},
		),
		{ numRuns: 60 },
	);
	for (const [bytes, sentence] of [
		["", words.readProblems.nothing],
		["x".repeat(1_200_000), words.readProblems.large],
		["a;b\n".repeat(3000), words.readProblems.rows],
	] as const) {
		const page = await upload(sessionId, bytes);
		expect(page).toMatchObject({ status: 400, body: expect.stringContaining(sentence) });
	}
});

test("forged and oversized forms are refused, and only this page takes a file", async () => {
	const sessionId = await givenSession(database.db);
	for (const table of ["", "{", "[]", "null", '[["a"],1]', `[${'["x"],'.repeat(9000)}["x"]]`])
		expect((await send(sessionId, { table, key: randomUUID(), intent: "tell" })).status).toBe(400);
	const post = (path: string, body: BodyInit, type?: string) =>
		fetch(app.url + path, {
			method: "POST",
			headers: {
				"Sec-Fetch-Site": "same-origin",
				Cookie: cookies.fr,
				...(type && { "Content-Type": type }),
			},
			body,
			redirect: "manual",
		}).then(({ status }) => status);
	const here = `/organizer/sessions/${sessionId}/import`;
	expect(await post(here, "no boundary", "multipart/form-data")).toBe(400);
	expect(await post(here, "--x\r\nbroken", "multipart/form-data; boundary=x")).toBe(400);
	expect(await post(here, "a=1", "application/x-www-form-urlencoded")).toBe(400);
	const form = new FormData();
	form.set("file", new Blob(["a"]));
	expect(await post("/organizer/settings", form)).toBe(400);
	const huge = new FormData();
	huge.set("file", new Blob([new Uint8Array(5_000_000)]));
	expect(await post(here, huge).catch(() => 413)).toBe(413);
	expect(await everyone(sessionId)).toEqual([]);
});
