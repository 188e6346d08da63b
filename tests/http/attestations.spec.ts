import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, expect, test } from "vitest";
import { showSerial } from "#app/domain/attestation.ts";
import { locales } from "#app/domain/locale.ts";
import { localDateOf } from "#app/domain/time.server.ts";
import { signToken } from "#app/domain/token.server.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { doDueDeeds } from "#app/use-cases/chosen-deeds.server.ts";
import { recordAttendance } from "#app/use-cases/record-attendance.server.ts";
import { findInForce } from "#db/queries/attestations.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";
import { type RunningApp, startApp } from "#tests/app-process.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import {
	aMeeting,
	givenAttestation,
	givenOrganizer,
	givenOrganizerCookie,
	givenRegistration,
	givenRegistrations,
	givenSession,
	origin,
	zone,
} from "#tests/fixtures.ts";
import { textOfPdf } from "#tests/pdf.ts";
import { filledIn, formsOf } from "./read-page.ts";

/* What an organizer issues, whoever came takes, and anybody checks. */
const secret = "a-secret-of-the-attestations-in-these-tests";
const dayMs = 24 * 3600_000;
let database: TestDatabase;
let app: RunningApp;
let cookie: string;
let organizerId: string;

beforeAll(async () => {
	database = await createTestDatabase();
	app = await startApp({ DATABASE_URL: database.url, COOKIE_SECRET: secret });
	({ id: organizerId } = await givenOrganizer(database.db));
	cookie = await givenOrganizerCookie(database.db, organizerId);
});

afterAll(async () => {
	await app.stop();
	await database.drop();
});

async function get(path: string, by = "") {
	const answer = await fetch(app.url + path, { headers: { Cookie: by }, redirect: "manual" });
	const bytes = Buffer.from(await answer.arrayBuffer());
	return { status: answer.status, headers: answer.headers, bytes, body: bytes.toString() };
}

async function send(path: string, sent: URLSearchParams) {
	const headers = { "Sec-Fetch-Site": "same-origin", Cookie: cookie };
	const answer = await fetch(app.url + path, { method: "POST", body: sent, headers, redirect: "manual" });
	return { status: answer.status, location: answer.headers.get("Location")! };
}

/** A date of yesterday, and who was there. */
async function givenYesterday(names: string[]) {
	const { db } = database;
	const meetings: [ReturnType<typeof aMeeting>] = [aMeeting(localDateOf(new Date(Date.now() - dayMs), zone))];
	const sessionId = await givenSession(db, { meetings, breakMinutes: 60, capacity: 200 });
	// A date in the past takes nobody: they were signed up before.
	await db
		.updateTable("session")
		.set({ startsAt: new Date(Date.now() + dayMs), endsAt: new Date(Date.now() + 2 * dayMs) })
		.where("id", "=", sessionId)
		.execute();
	const people = await givenRegistrations(
		db,
		sessionId,
		names.map((name) => ({ name })),
	);
	const { startsAt, endsAt } = meetings[0];
	await db.updateTable("session").set({ startsAt, endsAt }).where("id", "=", sessionId).execute();
	return { sessionId, people };
}

async function note(
	sessionId: string,
	id: string,
	status: "present" | "partial" | "absent",
	minutes?: number,
) {
	const { meetings } = (await findSessionDetails(database.db, sessionId))!;
	const asked = { sessionId, meetingIds: meetings.map((one) => one.id), people: [id], minutes };
	await recordAttendance(database.db, asked, status, organizerId, new Date());
}

/** What the page's form sends as it stands. */
async function formOf(path: string) {
	const page = await get(path, cookie);
	const [pathname] = path.split("?");
	const form = formsOf(page.body, path, app.url).find(
		({ method, action }) => method === "post" && action.split("?")[0] === pathname,
	);
	return form ? filledIn(form)[0]! : null;
}

/** Who is ticked on the page as it comes. */
async function tickedOn(path: string) {
	const boxes = (await get(path, cookie)).body.match(/<input[^>]*name="personne"[^>]*>/g) ?? [];
	return boxes.filter((box) => box.includes("checked")).map((box) => /value="([^"]+)"/.exec(box)![1]);
}

/** Half a minute later. */
async function afterTheWait() {
	const answer = await doDueDeeds(database.db, origin, new Date(Date.now() + 31_000));
	expect(answer).toBeGreaterThan(0);
}

test("those who came are ticked; one click, half a minute, and each has theirs", async () => {
	const { sessionId, people } = await givenYesterday([
		"Ana Présente",
		"Bob Absent",
		"Cléo Oubliée",
		"Dan Partiel",
	]);
	const [ana, bob, cleo, dan] = people.map(({ id }) => id) as [string, string, string, string];
	await note(sessionId, ana, "present");
	await note(sessionId, bob, "absent");
	await note(sessionId, dan, "partial");
	const here = paths.organizer.attestations(sessionId);
	const page = await get(here, cookie);
	expect(page.body).toContain("Absence");
	expect(page.body).toContain("Présence non notée");
	expect(page.body).toContain("temps à préciser");
	const form = (await formOf(here))!;
	expect(await tickedOn(here)).toEqual([ana]);
	expect(form.getAll("personne")).toEqual([ana]);

	const nobody = await fetch(app.url + here, {
		method: "POST",
		headers: { "Sec-Fetch-Site": "same-origin", Cookie: cookie },
		body: new URLSearchParams({ key: form.get("key")! }),
	});
	expect(nobody.status).toBe(400);
	expect(await nobody.text()).toContain(dictionary("fr").organizer.attendeeList.nobody);

	const planned = await send(here, form);
	expect(planned).toMatchObject({ status: 303, location: expect.stringContaining(`${here}?action=`) });
	// Sent twice, it is planned once.
	await send(here, form);
	const waiting = await get(planned.location, cookie);
	expect(waiting.body).toContain("1 attestation sera à jour dans");
	expect(waiting.body).toContain("Dans le lot qui attend");
	expect(await tickedOn(here)).toEqual([]);
	await afterTheWait();
	const done = await get(planned.location, cookie);
	expect(done.body).toContain("1 attestation est à jour.");
	expect(done.body).toContain("Remise le");
	expect([...(await findInForce(database.db, sessionId, [ana, bob, cleo, dan])).keys()]).toEqual([ana]);
	expect(await tickedOn(here)).toEqual([]);
	const { id: emailId } = await database.db
		.selectFrom("email")
		.select("id")
		.where("kind", "=", "attestation")
		.where("registrationId", "=", ana)
		.executeTakeFirstOrThrow();
	expect((await get(paths.organizer.email(emailId), cookie)).body).toContain("Attestation Ana Présente.pdf");
	const [headings, ...rows]: string[][] = parse((await get(paths.organizer.csv(sessionId), cookie)).body, {
		bom: true,
		delimiter: ";",
	});
	const [hours, number] = ["Heures attestées", "Numéro d’attestation"].map((name) => headings!.indexOf(name));
	const { serial } = (await findInForce(database.db, sessionId, [ana])).get(ana)!;
	expect(rows.map((row) => [row[0], row[hours!], row[number!]])).toEqual([
		["Bob Absent", "", ""],
		["Cléo Oubliée", "", ""],
		["Dan Partiel", "", ""],
		["Ana Présente", "6", showSerial(serial)],
	]);
});

test("a name corrected since is said, and ticked", async () => {
	const { sessionId, people } = await givenYesterday(["Ana Présente"]);
	const { id } = people[0]!;
	await note(sessionId, id, "present");
	const here = paths.organizer.attestations(sessionId);
	await send(here, (await formOf(here))!);
	await afterTheWait();
	await database.db.updateTable("registration").set({ name: "Ana Corrigée" }).where("id", "=", id).execute();
	const page = await get(here, cookie);
	expect(page.body).toContain("À remplacer\u00a0: nom");
	expect(page.body).toMatch(/Remise le [^<]* à Ana Présente/);
	expect(await tickedOn(here)).toEqual([id]);
	// What is the workshop's, or the firm's, asks for nothing by itself.
	await database.db.updateTable("registration").set({ name: "Ana Présente" }).where("id", "=", id).execute();
	await database.db.updateTable("firm").set({ accreditationNumber: "0012345" }).execute();
	expect((await get(here, cookie)).body).toContain("À remplacer\u00a0: numéro d’agrément");
	expect(await tickedOn(here)).toEqual([]);
	await database.db.updateTable("firm").set({ accreditationNumber: "" }).execute();
});

test("a whole page of people is issued at once", async () => {
	const names = Array.from({ length: 120 }, (_, n) => `Personne ${String(n).padStart(3, "0")}`);
	const { sessionId, people } = await givenYesterday(names);
	for (const { id } of people) await note(sessionId, id, "present");
	const ticked = [];
	for (const page of [1, 2]) {
		const here = paths.organizer.attestations(sessionId, page);
		ticked.push(await tickedOn(here));
		const { location } = await send(here, (await formOf(here))!);
		expect(location).toContain(page === 2 ? "page=2" : "?action=");
	}
	expect(ticked.map(({ length }) => length)).toEqual([100, 20]);
	const deeds = await database.db.selectFrom("deed").selectAll().where("sessionId", "=", sessionId).execute();
	expect(deeds.flatMap(({ registrationIds }) => registrationIds).sort()).toEqual(ticked.flat().sort());
	await database.db.deleteFrom("deed").where("sessionId", "=", sessionId).execute();
});

test("before the date is over there is nothing to issue, whatever is sent", async () => {
	const { db } = database;
	const meetings: [ReturnType<typeof aMeeting>] = [
		aMeeting(localDateOf(new Date(Date.now() + 9 * dayMs), zone)),
	];
	const sessionId = await givenSession(db, { meetings });
	const { id } = await givenRegistration(db, sessionId);
	const here = paths.organizer.attestations(sessionId);
	expect((await get(here, cookie)).body).toContain("une fois l’atelier terminé");
	expect(await formOf(here)).toBeNull();
	const sent = new URLSearchParams({ key: "0190163d-8694-739b-aea5-966c26f8ad91", personne: id });
	expect(await send(here, sent)).toEqual({ status: 303, location: here });
	expect(await db.selectFrom("deed").select("id").where("sessionId", "=", sessionId).execute()).toEqual([]);
});

test("an organizer sees what each would say before it is issued, and prints those that were", async () => {
	const { sessionId, people } = await givenYesterday(["Ana Présente", "Bob Présent"]);
	for (const { id } of people) await note(sessionId, id, "present");
	expect((await get(paths.organizer.attestationsPdf(sessionId), cookie)).status).toBe(404);
	const preview = await get(paths.organizer.attestationsPdf(sessionId, 1, true), cookie);
	expect(preview.headers.get("Content-Type")).toBe("application/pdf");
	const pages = textOfPdf(preview.bytes);
	expect(pages).toHaveLength(2);
	for (const page of pages) expect(page).toContain("Aperçu, sans valeur");
	const serial = await givenAttestation(database.db, people[1]!.id);
	const printed = textOfPdf((await get(paths.organizer.attestationsPdf(sessionId), cookie)).bytes);
	expect(printed).toHaveLength(1);
	expect(printed[0]).toContain(showSerial(serial));
	const one = await get(paths.organizer.attestation(sessionId, people[1]!.id), cookie);
	expect(textOfPdf(one.bytes)[0]).toContain(showSerial(serial));
	expect(one.headers.get("Content-Disposition")).toBe(
		"inline; filename*=UTF-8''Attestation%20Zo%C3%A9%20Roy.pdf",
	);
	expect((await get(paths.organizer.attestation(sessionId, people[0]!.id), cookie)).status).toBe(404);
});

test("whoever came finds theirs on their own page, and nobody else does", async () => {
	const { people } = await givenYesterday(["Ana Présente", "Bob Absent"]);
	const [ana, bob] = people.map(({ id }) => signToken(secret, "manage", id)) as [string, string];
	await givenAttestation(database.db, people[0]!.id);
	for (const locale of locales) {
		const words = dictionary(locale).attestation;
		const own = (await get(paths.manage(locale, ana))).body;
		expect(own).toContain(paths.ownAttestation(locale, ana));
		expect(own).toContain(dictionary(locale).manage.over);
		expect((await get(paths.manage(locale, bob))).body).not.toContain(words.download);
	}
	const file = await get(paths.ownAttestation("fr", ana));
	expect(file.headers.get("Cache-Control")).toBe("private, no-store");
	expect(textOfPdf(file.bytes)).toHaveLength(1);
	expect((await get(paths.ownAttestation("fr", bob))).status).toBe(404);
	expect((await get(paths.ownAttestation("fr", `${ana}x`))).status).toBe(404);
	// What is kept of somebody is theirs to take: this too.
	expect(JSON.parse((await get(paths.ownData("fr", ana, "json"))).body).attestations).toMatchObject([
		{ name: "Zoé Roy", minutes: 360 },
	]);
	expect((await get(paths.placeAction("fr", ana, "erase"))).body).toContain("sept ans");
	expect((await get(paths.placeAction("fr", bob, "erase"))).body).not.toContain("sept ans");
});

test.each(locales)("anybody who has the number reads what it stands for (%s)", async (locale) => {
	const { db } = database;
	const { people } = await givenYesterday(["Ana Présente"]);
	const serial = await givenAttestation(db, people[0]!.id);
	const words = dictionary(locale).attestation;
	const page = await get(paths.attestation(locale, showSerial(serial)));
	expect(page.status).toBe(200);
	expect(page.headers.get("X-Robots-Tag")).toBe("noindex");
	expect(page.headers.get("Cache-Control")).toBe("private, no-store");
	for (const said of [words.genuine, "Zoé Roy", "6\u00a0h", "Les médias sociaux en entreprise", "0012345"])
		expect(page.body).toContain(said);
	// Who employs them is between them and the paper.
	expect(page.body).not.toContain("Coop Nord");
	const typed = `${paths.attestation(locale)}?numero=${showSerial(serial).toLowerCase().replaceAll("-", "+")}`;
	const answer = await get(typed);
	expect(answer).toMatchObject({ status: 303 });
	expect(answer.headers.get("Location")).toBe(paths.attestation(locale, showSerial(serial)));

	await db.updateTable("attestation").set({ endedAt: new Date() }).where("serial", "=", serial).execute();
	const ended = await get(paths.attestation(locale, showSerial(serial)));
	expect(ended.body).toContain(words.ended);
	expect(ended.body).not.toContain("Zoé Roy");
	await db
		.updateTable("attestation")
		.set({ issuedAt: new Date(0) })
		.where("serial", "=", serial)
		.execute();
	await givenAttestation(db, people[0]!.id);
	expect((await get(paths.attestation(locale, showSerial(serial)))).body).toContain(words.replaced);
});

test.each(locales)(
	"a number that is none, or that nobody has, is said to be so and can be mended (%s)",
	async (locale) => {
		const words = dictionary(locale).attestation;
		const empty = await get(paths.attestation(locale));
		expect(empty.status).toBe(200);
		expect(empty.body).toContain(words.check);
		const wrong = await get(`${paths.attestation(locale)}?numero=7KQ2`);
		expect(wrong.status).toBe(400);
		expect(wrong.body).toContain(words.invalid);
		expect(wrong.body).toContain('value="7KQ2"');
		const unknown = await get(paths.attestation(locale, "7KQ2-M4TD-9XW3-B5NA"));
		expect(unknown.status).toBe(404);
		expect(unknown.body).toContain(words.unknown);
		expect(unknown.body).toContain('value="7KQ2-M4TD-9XW3-B5NA"');
	},
);

test("how long somebody was there is noted with the rest", async () => {
	const { sessionId, people } = await givenYesterday(["Dan Partiel"]);
	const { id } = people[0]!;
	const here = paths.organizer.attendance(sessionId);
	const sent = (duration: string) =>
		new URLSearchParams({ personne: id, meeting: "all", seen: "partial", duration });
	for (const wrong of ["longtemps", "90", "6 h 30"]) expect((await send(here, sent(wrong))).status).toBe(400);
	expect((await send(here, sent("2 h 30"))).status).toBe(303);
	const recorded = () =>
		database.db
			.selectFrom("attendance")
			.select(["status", "minutes"])
			.where("registrationId", "=", id)
			.execute();
	expect(await recorded()).toEqual([{ status: "partial", minutes: 150 }]);
	expect((await get(paths.organizer.attestations(sessionId), cookie)).body).toContain(
		"2\u00a0h\u00a030\u00a0min",
	);
	expect((await get(`${here}?personne=${id}`, cookie)).body).toContain('value="2\u00a0h\u00a030\u00a0min"');
	// Of whoever was there all the time, nobody counts.
	await send(here, new URLSearchParams({ personne: id, meeting: "all", seen: "present", duration: "2 h" }));
	expect(await recorded()).toEqual([{ status: "present", minutes: null }]);
});
