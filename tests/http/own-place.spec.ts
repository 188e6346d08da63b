import { afterAll, beforeAll, expect, test } from "vitest";
import { signToken } from "#app/domain/token.server.ts";
import { en } from "#app/i18n/en.ts";
import { fr } from "#app/i18n/fr.ts";
import { paths } from "#app/paths.ts";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { registerTogether } from "#app/use-cases/register.server.ts";
import { scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { type RunningApp, startApp } from "#tests/app-process.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import {
	aGroup,
	aMeeting,
	aSession,
	givenQuestion,
	givenRegistrations,
	givenSession,
	origin,
} from "#tests/fixtures.ts";
import { stored } from "./stored.ts";

/*
 * Whoever holds a genuine link may name, in what they send, only what is theirs: the people of another booking and the
 * dates and questions of another workshop stay as they were. The same about their own is done, so that these tests can fail.
 */
const secret = "a-secret-that-only-these-people-may-know";
const now = new Date();
const inAMonth = new Date(now.getTime() + 30 * 24 * 3600_000).toISOString().slice(0, 10);
const meetings: [ReturnType<typeof aMeeting>] = [aMeeting(inAMonth)];

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

type Party = { bookingId: string; people: { id: string; name: string }[] };

/** Several who signed up together, or wait together where a date is full. */
async function givenParty(sessionId: string, size: number): Promise<Party> {
	const { db } = database;
	const signUp = aGroup(sessionId, size, { whenFull: "wait" });
	signUp.people.forEach((person, i) => {
		person.name = `${person.name} ${sessionId.slice(-4)}${i}`;
	});
	const [made] = await registerTogether(db, origin, [signUp], now);
	if (!made?.ok) throw new Error("The group was refused.");
	const people = await db
		.selectFrom("registration")
		.select(["id", "name"])
		.where("bookingId", "=", made.bookingId)
		.orderBy("position")
		.execute();
	return { bookingId: made.bookingId, people };
}

/** Two parties of two who were each offered the seats that others let go. */
async function givenOffered(): Promise<[Party, Party]> {
	const { db } = database;
	const sessionId = await givenSession(db, { capacity: 4, waitlistMode: "offer", meetings });
	const seated = await givenRegistrations(db, sessionId, [{}, {}, {}, {}]);
	const parties: [Party, Party] = [await givenParty(sessionId, 2), await givenParty(sessionId, 2)];
	for (const { id } of seated) await cancelRegistration(db, origin, id, { attendee: true }, now);
	return parties;
}

async function send(address: string, form: string) {
	const headers = { "Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin" };
	const answer = await fetch(app.url + address, { method: "POST", body: form, headers, redirect: "manual" });
	return { status: answer.status, body: await answer.text() };
}

/** What is stored about what these ids name. */
async function storedAbout(ids: string[]): Promise<string[]> {
	const rows = Object.values(await stored(database.db)).flat();
	return rows.filter((row) => ids.some((id) => row.includes(id)));
}

const groupOf = ({ bookingId }: Party) => `/mon-groupe/${signToken(secret, "group", bookingId)}`;
const idsOf = ({ bookingId, people }: Party) => [bookingId, ...people.map(({ id }) => id)];

test.each([
	["cancelled", (id: string) => `intent=cancel&person=${id}`],
	["corrected", (id: string) => `intent=correct&person=${id}&name=Autre&email=autre@exemple.ca&locale=en`],
])("nobody outside a group is %s by it, not even somebody of the same date", async (_, form) => {
	const { db } = database;
	const sessionId = await givenSession(db, { capacity: 20, meetings });
	const [own, other] = [await givenParty(sessionId, 3), await givenParty(sessionId, 3)];
	const elsewhere = await givenParty(await givenSession(db, { capacity: 20, meetings }), 3);
	const before = await stored(db);
	for (const { id } of [...other.people, ...elsewhere.people]) await send(groupOf(own), form(id));
	expect(await stored(db)).toEqual(before);

	const others = await storedAbout(idsOf(other));
	const both = `${form(own.people[1]!.id)}&person=${other.people[1]!.id}`;
	expect((await send(groupOf(own), both)).status).toBe(303);
	expect(await storedAbout(idsOf(other))).toEqual(others);
	expect(await stored(db)).not.toEqual(before);
});

test("a group is asked about its own people, and is shown nobody else's name", async () => {
	const sessionId = await givenSession(database.db, { capacity: 20, meetings });
	const own = await givenParty(sessionId, 2);
	const other = await givenParty(await givenSession(database.db, { capacity: 20, meetings }), 2);
	const [theirs, ours] = [other.people[1]!, own.people[1]!];
	const refused = await send(groupOf(own), `intent=ask&person=${theirs.id}`);
	const asked = await send(groupOf(own), `intent=ask&person=${ours.id}&person=${theirs.id}`);
	expect([refused.status, asked.status]).toEqual([400, 200]);
	expect(asked.body).toContain(ours.name);
	expect(refused.body + asked.body).not.toContain(theirs.name);
});

test("a group takes the seats that it was offered, and answers for no other group", async () => {
	const [own, other] = await givenOffered();
	const [others, ours] = [await storedAbout(idsOf(other)), await storedAbout(idsOf(own))];
	const named = [...own.people, ...other.people].map(({ id }) => `&person=${id}`).join("");
	expect((await send(groupOf(own), `intent=accept${named}`)).status).toBe(303);
	expect(await storedAbout(idsOf(other))).toEqual(others);
	expect(await storedAbout(idsOf(own))).not.toEqual(ours);
	expect((await send(groupOf(other), `intent=accept${named}`)).status).toBe(303);
	expect(await storedAbout(idsOf(other))).not.toEqual(others);
});

/** Somebody with a seat: their link, their workshop, and what their page asks them. */
async function givenPlace() {
	const { db } = database;
	const sessionId = await givenSession(db, { capacity: 20, meetings });
	const [person] = await givenRegistrations(db, sessionId, [{}]);
	const { workshopId } = await db
		.selectFrom("session")
		.select("workshopId")
		.where("id", "=", sessionId)
		.executeTakeFirstOrThrow();
	const address = `/ma-place/${signToken(secret, "manage", person!.id, person!.tokenVersion)}`;
	return { id: person!.id, sessionId, workshopId, address, questionId: await givenQuestion(db, workshopId) };
}

test("a place is exchanged for another date of its workshop, and for none of another or that is not shown", async () => {
	const { db } = database;
	const [own, other] = [await givenPlace(), await givenPlace()];
	const givenDate = (published: boolean) =>
		scheduleSession(db, own.workshopId, aSession({ meetings, published }), null, now);
	const hidden = await givenDate(false);
	const before = await stored(db);
	for (const to of [other.sessionId, hidden])
		expect((await send(`${own.address}/changer`, `date=${to}`)).status, to).toBe(409);
	expect(await stored(db)).toEqual(before);
	const shown = await givenDate(true);
	const withShown = await stored(db);
	expect((await send(`${own.address}/changer`, `date=${shown}`)).status).toBe(303);
	expect(await stored(db)).not.toEqual(withShown);
});

test("an answer is kept to a question of one's own workshop, and to none of another", async () => {
	const [own, other] = [await givenPlace(), await givenPlace()];
	const answers = () => database.db.selectFrom("answer").select(["registrationId", "questionId"]).execute();
	const form = (id: string) => `intent=answers&q-${id}=Notaire`;
	expect((await send(own.address, form(other.questionId))).status).toBe(303);
	expect(await answers()).toEqual([]);
	const both = `${form(own.questionId)}&q-${other.questionId}=Notaire&registrationId=${other.id}`;
	expect((await send(own.address, both)).status).toBe(303);
	expect(await answers()).toEqual([{ registrationId: own.id, questionId: own.questionId }]);
});

test.each(["fr", "en"] as const)(
	"no form of the public has an address sent to somebody as their name, and what was typed stays (%s)",
	async (locale) => {
		const { db } = database;
		const { sessionId, workshopId, id } = await givenPlace();
		const party = await givenParty(sessionId, 2);
		const { slugFr, slugEn } = await db
			.selectFrom("workshop")
			.select(["slugFr", "slugEn"])
			.where("id", "=", workshopId)
			.executeTakeFirstOrThrow();
		const token = signToken(secret, "manage", id);
		const group = paths.group(locale, signToken(secret, "group", party.bookingId));
		const { register, manage } = { fr, en }[locale];
		const signUp = paths.register(locale, locale === "fr" ? slugFr : slugEn);
		const person = party.people[1]!.id;
		const before = await stored(db);
		for (const [address, more, name, sentence] of [
			[signUp, `date=${sessionId}`, "name", register.errors.nameAddress],
			[signUp, `date=${sessionId}&name=Luc+Roy`, "name2", register.colleagues.errors.nameAddress(2)],
			[paths.placeAction(locale, token, "give"), "", "name", manage.give.errors.nameAddress],
			[paths.placeAction(locale, token, "correct"), "", "name", manage.correct.errors.nameAddress],
			[group, `intent=correct&person=${person}`, "name", manage.correct.errors.nameAddress],
		] as const) {
			const form = `${more}&${name}=Gagnez:+exemple.ca/x&email=victime@exemple.ca&locale=fr`;
			const { status, body } = await send(address, form);
			expect(status, address).toBe(400);
			expect(body).toContain(sentence);
			expect(body).toContain('value="Gagnez: exemple.ca/x"');
		}
		expect(await stored(db)).toEqual(before);
	},
);
