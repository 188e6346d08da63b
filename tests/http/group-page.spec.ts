import { afterAll, beforeAll, expect, test } from "vitest";
import { signToken } from "#app/domain/token.server.ts";
import { fr } from "#app/i18n/fr.ts";
import { paths } from "#app/paths.ts";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { cancelSession } from "#app/use-cases/cancel-session.server.ts";
import { registerTogether } from "#app/use-cases/register.server.ts";
import { scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { switchSession } from "#app/use-cases/switch-session.server.ts";
import { type RunningApp, startApp } from "#tests/app-process.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import {
	aGroup,
	aMeeting,
	aSession,
	aWorkshop,
	givenOrganizer,
	givenRegistrations,
	givenWorkshop,
	origin,
} from "#tests/fixtures.ts";

/* What the page of a group says first: where its people stand. */
const secret = "a-secret-that-only-this-group-may-know";
const email = "formation@exemple.ca";
const now = new Date();
const workshop = aWorkshop();
let database: TestDatabase;
let app: RunningApp;
let workshopId: string;

beforeAll(async () => {
	database = await createTestDatabase();
	workshopId = await givenWorkshop(database.db, workshop);
	await database.db.updateTable("firm").set({ email }).execute();
	app = await startApp({ DATABASE_URL: database.url, COOKIE_SECRET: secret });
});

afterAll(async () => {
	await app.stop();
	await database.drop();
});

function givenDate(changes: Parameters<typeof aSession>[0] = {}) {
	const inAMonth = new Date(now.getTime() + 30 * 24 * 3600_000).toISOString().slice(0, 10);
	const session = aSession({ meetings: [aMeeting(inAMonth)], ...changes });
	return scheduleSession(database.db, workshopId, session, null, now);
}

/** A group of two of this date, and the page of its contact. */
async function givenGroup(sessionId: string) {
	const signUp = aGroup(sessionId, 2, { whenFull: "wait" });
	const [made] = await registerTogether(database.db, origin, [signUp], now);
	if (!made?.ok) throw new Error("The group was refused.");
	const { bookingId } = made;
	const people = await database.db
		.selectFrom("registration")
		.select("id")
		.where("bookingId", "=", bookingId)
		.execute();
	async function read() {
		const answer = await fetch(app.url + paths.group("fr", signToken(secret, "group", bookingId)));
		const html = await answer.text();
		return { html, heading: /<h1>(.*?)<\/h1>/.exec(html)?.[1] };
	}
	return { people, read };
}

test("a date that was cancelled is said to be, and the others are one link away", async () => {
	const sessionId = await givenDate();
	const { read } = await givenGroup(sessionId);
	const { id } = await givenOrganizer(database.db);
	await cancelSession(database.db, origin, sessionId, { fr: "", en: "" }, id, now);
	const { html, heading } = await read();
	expect(heading).toBe(fr.booked.sessionCancelledTitle);
	expect(html).toContain(fr.manage.sessionCancelledLede);
	expect(html).toContain(`href="${paths.workshop("fr", workshop.slugFr)}"`);
	expect(html).not.toContain(fr.group.lede);
});

test("of a group whose date was cancelled, whoever had changed dates has a seat still", async () => {
	const sessionId = await givenDate();
	const { people, read } = await givenGroup(sessionId);
	await switchSession(database.db, origin, people[0]!.id, await givenDate(), { attendee: true }, now);
	const { id } = await givenOrganizer(database.db);
	await cancelSession(database.db, origin, sessionId, { fr: "", en: "" }, id, now);
	const { html, heading } = await read();
	expect(heading).toBe(fr.booked.sessionCancelledTitle);
	const statuses = [fr.statusWord.confirmed, fr.statusWord.cancelled].filter((word) => html.includes(word));
	expect(statuses).toHaveLength(2);
});

test("seats that are offered to the whole group are what its page is about", async () => {
	const sessionId = await givenDate({ capacity: 2, waitlistMode: "offer" });
	const seated = await givenRegistrations(database.db, sessionId, [{}, {}]);
	const { read } = await givenGroup(sessionId);
	expect((await read()).heading).toBe(fr.booked.groupTitle(0, 2));
	for (const { id } of seated)
		await cancelRegistration(
			database.db,
			origin,
			id,
			{ organizerId: (await givenOrganizer(database.db)).id },
			now,
		);
	const { html, heading } = await read();
	expect(heading).toBe(fr.group.offerTitle(2));
	expect(html).not.toContain(fr.group.none);
	expect(html.split(fr.group.offerTitle(2))).toHaveLength(2);
});

test("past the deadline nothing is said to be possible that is not, and where to write stands in sight", async () => {
	const { read } = await givenGroup(await givenDate({ cancelUntil: new Date(now.getTime() - 1000) }));
	const { html, heading } = await read();
	expect(heading).toBe(fr.booked.groupTitle(2, 0));
	expect(html).not.toContain(fr.group.lede);
	expect(html).not.toContain(fr.group.cancel);
	const [before] = html.split('<details class="section"');
	expect(before).toContain(fr.group.ledeLate);
	expect(before).toContain(fr.manage.tooLate);
	expect(before).toContain(`href="mailto:${email}"`);
});

test("nobody left in a group is told so, with the dates", async () => {
	const { people, read } = await givenGroup(await givenDate());
	for (const { id } of people) await cancelRegistration(database.db, origin, id, { attendee: true }, now);
	const { html, heading } = await read();
	expect(heading).toBe(fr.group.none);
	expect(html).toContain(`href="${paths.workshop("fr", workshop.slugFr)}"`);
});
