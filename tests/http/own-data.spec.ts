import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Locale, locales } from "#app/domain/locale.ts";
import { signToken } from "#app/domain/token.server.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { eraseRegistration } from "#app/use-cases/erase-registration.server.ts";
import { recordAttendance } from "#app/use-cases/record-attendance.server.ts";
import { registerTogether } from "#app/use-cases/register.server.ts";
import { recordInterest } from "#db/queries/interest.server.ts";
import { keepAnswers } from "#db/queries/questions.server.ts";
import { findRegistration } from "#db/queries/registrations.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";
import { type RunningApp, startApp } from "#tests/app-process.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import {
	aGroup,
	aMeeting,
	givenOrganizer,
	givenOrganizerCookie,
	givenQuestion,
	givenRegistration,
	givenSession,
	origin,
} from "#tests/fixtures.ts";

/* What somebody takes with them, and has erased, by the link of their own email; and what an organizer erases for them. */
const secret = "a-secret-that-only-this-person-may-know";
const now = new Date();
const inDays = (days: number) => new Date(now.getTime() + days * 24 * 3600_000);
const meetings: [ReturnType<typeof aMeeting>] = [aMeeting(inDays(30).toISOString().slice(0, 10))];
let database: TestDatabase;
let app: RunningApp;

beforeAll(async () => {
	database = await createTestDatabase();
	app = await startApp({ DATABASE_URL: database.url, COOKIE_SECRET: secret });
});

afterAll(async () => {
	await app.stop();
	await database.drop();
});

const tokenOf = (id: string, version = 1) => signToken(secret, "manage", id, version);

async function get(path: string, cookie = "") {
	const answer = await fetch(app.url + path, { headers: { Cookie: cookie }, redirect: "manual" });
	return { status: answer.status, headers: answer.headers, body: await answer.text() };
}

async function send(path: string, cookie = "", body = "") {
	const headers = {
		"Sec-Fetch-Site": "same-origin",
		"Content-Type": "application/x-www-form-urlencoded",
		Cookie: cookie,
	};
	const answer = await fetch(app.url + path, { method: "POST", body, headers, redirect: "manual" });
	return { status: answer.status, to: answer.headers.get("Location") };
}

/** Somebody of whom as much is kept as can be. */
async function givenSomebody() {
	const { db } = database;
	const sessionId = await givenSession(db, { meetings });
	const person = await givenRegistration(db, sessionId, {
		name: "Zoé Roy; =1+1",
		email: "zoe.roy@exemple.ca",
		organization: "Coopérative du Nord",
	});
	const { workshop, meetings: held } = (await findSessionDetails(db, sessionId))!;
	const questionId = await givenQuestion(db, workshop.id);
	const answers = [{ registrationId: person.id, questionId, value: "Sans noix" }];
	await db.transaction().execute((trx) => keepAnswers(trx, workshop.id, answers, now));
	const { id: organizerId } = await givenOrganizer(db);
	const present = { sessionId, meetingIds: [held[0]!.id], people: [person.id] };
	await recordAttendance(db, present, "present", organizerId, now);
	const consent = { email: "Zoe.Roy@exemple.ca", locale: "fr", source: "registration" } as const;
	await recordInterest(db, [{ ...consent, wording: "Oui, écrivez-moi" }], now);
	await db.updateTable("registration").set({ note: "À surveiller" }).where("id", "=", person.id).execute();
	return { sessionId, person };
}

test.each(locales)(
	"all that is kept of somebody is theirs to take, and nothing of anybody else (%s)",
	async (locale: Locale) => {
		const { sessionId, person } = await givenSomebody();
		await givenRegistration(database.db, sessionId, { name: "Samuel Autre" });
		const file = (format: "json" | "csv") => get(paths.ownData(locale, tokenOf(person.id), format));
		const json = await file("json");
		const t = dictionary(locale);
		expect(json.headers.get("Content-Disposition")).toBe("attachment");
		expect(json.headers.get("Cache-Control")).toBe("private, no-store");
		expect(JSON.parse(json.body)).toMatchObject({
			registration: {
				name: "Zoé Roy; =1+1",
				email: "zoe.roy@exemple.ca",
				organization: "Coopérative du Nord",
				status: t.statusWord.confirmed,
				registeredAt: person.createdAt.toISOString(),
				cancelledAt: null,
			},
			answers: [{ answer: "Sans noix" }],
			attendance: [{ seen: t.organizer.attendance.choices.present }],
			history: [{ what: t.manage.history["registration.confirmed"] }],
			emails: [{ subject: expect.stringContaining("Les médias sociaux") }],
			announcements: [
				{ agreedTo: "Oui, écrivez-moi", agreedWhere: t.ownData.sources.registration, stoppedAt: null },
			],
		});

		const csv = await file("csv");
		expect(csv.headers.get("Content-Type")).toBe("text/csv; charset=utf-8");
		const delimiter = locale === "fr" ? ";" : ",";
		const rows: string[][] = parse(csv.body, { delimiter, bom: true });
		const { parts, headings } = t.ownData;
		expect(rows[0]).toEqual(headings);
		expect(rows).toContainEqual([`${parts.registration}, ${parts.name}`, "Zoé Roy; =1+1"]);
		expect(rows).toContainEqual([`${parts.answers} 1, ${parts.answer}`, "Sans noix"]);
		// Every name in the one has its words in the other.
		const names = [...json.body.matchAll(/"(\w+)":/g)].map(([, name]) => name!);
		expect(Object.keys(parts)).toEqual(expect.arrayContaining(names));
		for (const { body } of [json, csv]) {
			expect(body).not.toContain("Samuel");
			expect(body).not.toContain("surveiller");
		}
	},
);

test("only whoever has the link takes anything", async () => {
	const { person } = await givenSomebody();
	for (const token of [tokenOf(person.id, 2), signToken(secret, "booking", person.bookingId), person.id])
		for (const format of ["json", "csv"] as const)
			expect((await get(paths.ownData("fr", token, format))).status).toBe(404);
});

test.each(locales)(
	"somebody erases themselves: asked first, done once however often it is sent, and the link is then nobody's (%s)",
	async (locale) => {
		const { person, sessionId } = await givenSomebody();
		const token = tokenOf(person.id);
		const page = paths.placeAction(locale, token, "erase");
		const words = dictionary(locale).ownData;
		expect((await get(paths.manage(locale, token))).body).toContain(`href="${page}"`);
		const asked = await get(page);
		for (const said of [words.gone, words.goneSeat, words.goneLink]) expect(asked.body).toContain(said);
		expect(asked.body).not.toContain(words.staysContact);
		expect(asked.body).toContain(words.stop);
		expect((await findRegistration(database.db, person.id))!.name).not.toBe("");

		for (let twice = 0; twice < 2; twice++)
			expect(await send(page)).toEqual({ status: 303, to: paths.erased(locale) });
		expect((await get(paths.erased(locale))).body).toContain(words.doneTitle);
		expect(await findRegistration(database.db, person.id)).toMatchObject({ name: "", status: "cancelled" });
		expect((await get(paths.manage(locale, token))).status).toBe(404);
		const { seatsTaken } = (await findSessionDetails(database.db, sessionId))!.session;
		expect(seatsTaken).toBe(0);
	},
);

test("too late to cancel, the page says when it can be done, and nothing is", async () => {
	const { db } = database;
	const sessionId = await givenSession(db, { meetings });
	const { id } = await givenRegistration(db, sessionId);
	await db
		.updateTable("session")
		.set({ cancelUntil: inDays(-1) })
		.where("id", "=", sessionId)
		.execute();
	const page = paths.placeAction("fr", tokenOf(id), "erase");
	const manage = paths.manage("fr", tokenOf(id));
	expect((await get(manage)).body).toContain(dictionary("fr").ownData.eraseLater);
	expect((await get(page)).status).toBe(302);
	expect(await send(page)).toEqual({ status: 303, to: `${manage}#erase` });
	expect((await findRegistration(db, id))!.name).not.toBe("");
});

/** Two who signed up together, the contact first. */
async function givenPair() {
	const { db } = database;
	const sessionId = await givenSession(db, { meetings });
	const [group] = await registerTogether(db, origin, [aGroup(sessionId, 2)], now);
	const { bookingId } = group as { bookingId: string };
	const [contact, colleague] = await db
		.selectFrom("registration")
		.select(["id", "email"])
		.where("bookingId", "=", bookingId)
		.orderBy("position")
		.execute();
	return { sessionId, bookingId, contact: contact!, colleague: colleague! };
}

test("the contact of a group is told that they stay known to it, and neither takes what is the other's", async () => {
	const { contact, colleague } = await givenPair();
	const { staysContact } = dictionary("fr").ownData;
	const ask = async ({ id }: { id: string }) =>
		(await get(paths.placeAction("fr", tokenOf(id), "erase"))).body;
	expect(await ask(contact)).toContain(staysContact);
	expect(await ask(colleague)).not.toContain(staysContact);
	for (const [one, other] of [
		[contact, colleague],
		[colleague, contact],
	] as const)
		for (const format of ["json", "csv"] as const)
			expect((await get(paths.ownData("fr", tokenOf(one.id), format))).body).not.toContain(other.email);
});

test.each(locales)("a contact takes what is kept of the group, and erases all of it (%s)", async (locale) => {
	const { db } = database;
	const { sessionId, bookingId, contact, colleague } = await givenPair();
	const other = await givenRegistration(db, sessionId);
	const token = signToken(secret, "group", bookingId);
	const page = paths.group(locale, token);
	const words = dictionary(locale).group;
	for (const format of ["json", "csv"] as const) {
		const file = paths.groupData(locale, token, format);
		expect((await get(page)).body).toContain(`href="${file}"`);
		const { status, body } = await get(file);
		expect(status).toBe(200);
		for (const { email } of [contact, colleague]) expect(body).toContain(email);
		expect(body).not.toContain(other.email);
		expect((await get(paths.groupData(locale, tokenOf(contact.id), format))).status).toBe(404);
	}
	expect((await get(paths.groupData(locale, token, "csv"))).body).toContain(
		`${dictionary(locale).ownData.parts.people} 2`,
	);

	const ask = await fetch(app.url + page, {
		method: "POST",
		body: new URLSearchParams({ intent: "ask-erase" }),
		headers: { "Sec-Fetch-Site": "same-origin" },
	});
	expect(await ask.text()).toContain(words.eraseLede);
	expect((await findRegistration(db, contact.id))!.name).not.toBe("");
	for (let twice = 0; twice < 2; twice++)
		expect(await send(page, "", "intent=erase")).toEqual({ status: 303, to: paths.erased(locale) });
	for (const { id } of [contact, colleague])
		expect(await findRegistration(db, id)).toMatchObject({ name: "", contactEmail: "", status: "cancelled" });
	expect(await findRegistration(db, other.id)).toMatchObject({ name: other.name, status: "confirmed" });
	expect((await get(page)).status).toBe(404);
});

test("a contact is told of whom switched that they are at another date, and which", async () => {
	const { db } = database;
	const { bookingId, colleague } = await givenPair();
	const elsewhere = await givenSession(db, { meetings: [aMeeting(inDays(40).toISOString().slice(0, 10))] });
	await db.updateTable("registration").set({ sessionId: elsewhere }).where("id", "=", colleague.id).execute();
	const token = signToken(secret, "group", bookingId);
	const { people } = JSON.parse((await get(paths.groupData("fr", token, "json"))).body);
	const { session } = (await findSessionDetails(db, elsewhere))!;
	expect(people).toMatchObject([
		{ otherDate: null, status: "Place confirmée" },
		{ otherDate: session.startsAt.toISOString(), status: "Autre date" },
	]);
	expect((await get(paths.groupData("fr", token, "csv"))).body).toContain("Personne 2, Autre date");
	expect((await get(paths.group("fr", token))).body).toContain(dictionary("fr").booked.groupTitle(1, 0));
});

test("a group is erased whole or not at all: somebody who is elsewhere may be too late", async () => {
	const { db } = database;
	const { bookingId, contact, colleague } = await givenPair();
	const elsewhere = await givenSession(db, { meetings });
	await db
		.updateTable("session")
		.set({ cancelUntil: inDays(-1) })
		.where("id", "=", elsewhere)
		.execute();
	await db.updateTable("registration").set({ sessionId: elsewhere }).where("id", "=", colleague.id).execute();
	const page = paths.group("fr", signToken(secret, "group", bookingId));
	expect((await get(page)).body).not.toContain('value="ask-erase"');
	expect((await send(page, "", "intent=erase")).status).toBe(409);
	for (const { id } of [contact, colleague]) expect((await findRegistration(db, id))!.name).not.toBe("");
});

test("what a contact who is erased still answers is nobody's", async () => {
	const { db } = database;
	const { sessionId, bookingId, contact } = await givenPair();
	const { workshop } = (await findSessionDetails(db, sessionId))!;
	const questionId = await givenQuestion(db, workshop.id, { askedAt: "after" });
	await eraseRegistration(db, origin, contact.id, { attendee: true }, now);
	const page = paths.booked("fr", signToken(secret, "booking", bookingId));
	expect((await get(page)).body).not.toContain(questionId);
	await send(page, "", `intent=answers&q-${questionId}=Allergie`);
	const answers = db.selectFrom("answer").select("value").where("questionId", "=", questionId);
	expect(await answers.execute()).toEqual([]);
});

test("announcements go on unless they are stopped with the rest", async () => {
	const { db } = database;
	for (const [body, left] of [
		["", 1],
		["stop=on", 0],
	] as const) {
		const { person } = await givenSomebody();
		await send(paths.placeAction("fr", tokenOf(person.id), "erase"), "", body);
		const announced = db.selectFrom("interest").select("id").where("endedAt", "is", null);
		expect(await announced.execute()).toHaveLength(left);
	}
});

test.each(locales)("an organizer erases somebody who asked for it, and is told (%s)", async (locale) => {
	const { db } = database;
	const { person, sessionId } = await givenSomebody();
	const { id } = await givenOrganizer(db, { locale });
	const cookie = await givenOrganizerCookie(db, id);
	const { organizer } = paths;
	const [here, page] = [organizer.registration, organizer.eraseRegistration].map((path) =>
		path(sessionId, person.id),
	) as [string, string];
	const words = dictionary(locale).organizer.erasing;
	expect((await get(here, cookie)).body).toContain(`href="${page}"`);
	expect((await get(page, cookie)).body).toContain(words.gone);
	expect(await send(page, cookie)).toEqual({ status: 303, to: `${here}?erased` });
	const after = await get(`${here}?erased`, cookie);
	expect(after.body).toContain(words.done);
	expect(after.body).not.toContain(`href="${page}"`);
	expect(after.body).not.toContain("Zoé");
	expect((await get(page, cookie)).status).toBe(302);
	expect(await findRegistration(db, person.id)).toMatchObject({ name: "", status: "cancelled" });
});
