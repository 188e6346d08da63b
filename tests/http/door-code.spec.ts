import decodeQR from "qr/decode.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { localDateOf } from "#app/domain/time.server.ts";
import { signCheckIn, signToken } from "#app/domain/token.server.ts";
import { fr } from "#app/i18n/fr.ts";
import { paths } from "#app/paths.ts";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { cancelSession } from "#app/use-cases/cancel-session.server.ts";
import { correctPlace } from "#app/use-cases/correct-place.server.ts";
import { eraseRegistration } from "#app/use-cases/erase-registration.server.ts";
import { giveSeat } from "#app/use-cases/give-seat.server.ts";
import {
	type MeetingInput,
	type SessionInput,
	scheduleSession,
} from "#app/use-cases/schedule-session.server.ts";
import { switchSession } from "#app/use-cases/switch-session.server.ts";
import { findRegistration } from "#db/queries/registrations.server.ts";
import { type RunningApp, startApp } from "#tests/app-process.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { pictureOf } from "#tests/domain/qr-picture.ts";
import {
	aMeeting,
	aSession,
	givenOrganizer,
	givenOrganizerCookie,
	givenRegistration,
	givenRegistrations,
	givenSession,
	givenWorkshop,
	origin,
	zone,
} from "#tests/fixtures.ts";

/* What somebody shows at the door, and what the door's page makes of it. */
const secret = "a-secret-that-only-these-people-may-know";
const words = fr.organizer.checkIn;
const dayMs = 24 * 3600_000;

let database: TestDatabase;
let app: RunningApp;
let organizerId: string;
const cookies = { door: "", organizer: "", owner: "" };

beforeAll(async () => {
	database = await createTestDatabase();
	for (const role of ["door", "organizer", "owner"] as const) {
		organizerId = (await givenOrganizer(database.db, { role })).id;
		cookies[role] = await givenOrganizerCookie(database.db, organizerId);
	}
	app = await startApp({ DATABASE_URL: database.url, COOKIE_SECRET: secret });
});

afterAll(async () => {
	await app.stop();
	await database.drop();
});

/** All day long, this many days from now. */
function aDay(inDays: number) {
	return aMeeting(localDateOf(new Date(Date.now() + inDays * dayMs), zone), "00:01", "23:59");
}

function aDate(inDays: number, changes: Partial<SessionInput> = {}) {
	return givenSession(database.db, { meetings: [aDay(inDays)], capacity: 3, ...changes });
}

async function codeOf(id: string): Promise<string> {
	return signCheckIn(secret, (await findRegistration(database.db, id))!);
}

async function ask(address: string, cookie = "") {
	const answer = await fetch(app.url + address, { headers: { Cookie: cookie }, redirect: "manual" });
	return { status: answer.status, body: await answer.text(), headers: answer.headers };
}

/** Whom the door's page finds by a code, by the ids of their rows, and what it says in their place. */
async function search(sessionId: string, code: string, cookie = cookies.door) {
	const { status, body } = await ask(paths.organizer.checkIn(sessionId, { search: code }), cookie);
	const rows = [...body.matchAll(/id="p-([\w-]+)"/g)].map(([, id]) => id);
	const [, empty = ""] = /data-part="nobody"[^>]*>(.*?)<\/p>/s.exec(body) ?? [];
	return { status, rows, says: empty.replaceAll(/<!--.*?-->|<a .*?<\/a>|<[^>]*>/g, "").trim(), body };
}

/** The code that somebody's own page shows, as a camera reads it, and whether it is unfolded; null where there is none. */
async function shownBy({ id, tokenVersion }: { id: string; tokenVersion: number }) {
	const { status, body } = await ask(paths.manage("fr", signToken(secret, "manage", id, tokenVersion)));
	expect(status).toBe(200);
	const [, open, size, path] =
		/<details class="door-code"( open="")?>.*?viewBox="0 0 (\d+) \d+".*?<path d="([^"]+)"/s.exec(body) ?? [];
	return path
		? { text: decodeQR(pictureOf({ size: Number(size), path })), open: open !== undefined, body }
		: null;
}

test("whoever has a seat in a room to come sees their code, named for who hears it, and unfolded on the day", async () => {
	const [today, later] = [await aDate(0), await aDate(20)];
	const guest = await givenRegistration(database.db, today, { name: "Zoé Roy" });
	const shown = await shownBy(guest);
	expect(shown).toMatchObject({ text: await codeOf(guest.id), open: true });
	expect(shown!.body).toContain(`role="img" aria-label="${fr.manage.doorCode.of("Zoé Roy")}"`);
	const english = await ask(paths.manage("en", signToken(secret, "manage", guest.id)));
	expect(english.body).toContain("Check-in QR code of Zoé Roy");
	expect(await shownBy(await givenRegistration(database.db, later))).toMatchObject({ open: false });
});

test("nobody else does: online, in line, cancelled, or once it is over", async () => {
	const { db } = database;
	const online = await aDate(3, { online: true, place: "", joinUrl: "https://salle.exemple.ca" });
	const full = await aDate(3, { capacity: 1, waitlistMode: "automatic" });
	const [, waiting] = await givenRegistrations(db, full, [{}, {}]);
	const cancelled = await givenRegistration(db, await aDate(3));
	await cancelRegistration(db, origin, cancelled.id, { attendee: true }, new Date());
	const calledOff = await aDate(3);
	const unlucky = await givenRegistration(db, calledOff);
	await cancelSession(db, origin, calledOff, { fr: "", en: "" }, organizerId, new Date());
	const over = await givenRegistration(db, await aDate(-2));
	for (const place of [await givenRegistration(db, online), waiting!, cancelled, unlucky, over])
		expect(await shownBy(place)).toBeNull();
});

test("a code finds its holder alone, whatever the role, and typed in small letters", async () => {
	const sessionId = await aDate(0);
	const [one] = await givenRegistrations(database.db, sessionId, [{}, {}]);
	const code = await codeOf(one!.id);
	for (const cookie of Object.values(cookies)) {
		expect(await search(sessionId, code, cookie)).toMatchObject({ status: 200, rows: [one!.id] });
	}
	expect((await search(sessionId, code.toLowerCase())).rows).toEqual([one!.id]);
	// The row says it too, so that the phone knows it out of reach.
	expect((await search(sessionId, "")).body).toContain(`data-code="${code}"`);
	expect((await search(sessionId, code, "")).status).toBe(302);
});

test("whoever is expected on another date is named with it, and with what it is about where that is something else", async () => {
	const { db } = database;
	const workshopId = await givenWorkshop(db);
	const meetings = (inDays: number) => ({ meetings: [aDay(inDays)] as [MeetingInput], capacity: 3 });
	const [here, later] = [2, 7].map((inDays) =>
		scheduleSession(db, workshopId, aSession(meetings(inDays)), null, new Date()),
	);
	const guest = await givenRegistration(db, await later!, { name: "Paul Gagnon" });
	const code = await codeOf(guest.id);
	const when = /^Paul Gagnon Inscrite le [^,·]+, à 0\u00a0h\u00a001/.source;
	expect(await search(await here!, code, cookies.organizer)).toMatchObject({
		rows: [],
		says: expect.stringMatching(new RegExp(`${when}$`)),
	});
	expect((await search(await aDate(0), code)).says).toMatch(new RegExp(`${when} · Les médias sociaux`));
	// Once they have moved here, the same code lets them in.
	await switchSession(db, origin, guest.id, await here!, { organizerId }, new Date());
	expect((await search(await here!, code, cookies.organizer)).rows).toEqual([guest.id]);
});

test("a code that is no longer good, or never was, finds nobody", async () => {
	const { db } = database;
	const now = new Date();
	const sessionId = await aDate(2);
	const [moved, gone, erased] = await givenRegistrations(db, sessionId, [{}, {}, {}]);
	const codes = await Promise.all([moved!, gone!, erased!].map(({ id }) => codeOf(id)));
	const by = { organizerId };
	const to = { email: "autre-adresse@exemple.ca", locale: "fr" as const };
	expect(await correctPlace(db, origin, moved!.id, to, { ...by, seen: "1 fr" }, now)).toEqual({ ok: true });
	await cancelRegistration(db, origin, gone!.id, by, now);
	await eraseRegistration(db, origin, erased!.id, by, now);
	const forged = codes[0]!.replace(/^(.{8})../, "$1ZZ");
	for (const code of [...codes, forged, "https://exemple.ca/menu"])
		expect(await search(sessionId, code, cookies.organizer)).toMatchObject({
			rows: [],
			says: words.notFound,
		});
	const fresh = await codeOf(moved!.id);
	expect(fresh).not.toBe(codes[0]);
	expect((await search(sessionId, fresh, cookies.organizer)).rows).toEqual([moved!.id]);
});

test("a seat that was given away is shown by whoever received it, and by nobody else", async () => {
	const { db } = database;
	const sessionId = await aDate(2);
	const giver = await givenRegistration(db, sessionId);
	const before = await codeOf(giver.id);
	const receiver = { name: "Lise Côté", email: "lise@exemple.ca", locale: "fr" as const };
	expect(await giveSeat(db, origin, giver.id, receiver, new Date())).toEqual({ ok: true });
	const { id } = await db
		.selectFrom("registration")
		.select("id")
		.where("email", "=", receiver.email)
		.executeTakeFirstOrThrow();
	expect((await search(sessionId, before, cookies.organizer)).rows).toEqual([]);
	expect((await search(sessionId, await codeOf(id), cookies.organizer)).rows).toEqual([id]);
	expect(await shownBy(giver)).toBeNull();
});

test("before its day, the door's page tells somebody at the door nothing of a code", async () => {
	const sessionId = await aDate(9);
	const guest = await givenRegistration(database.db, sessionId, { name: "Zoé Roy" });
	const { status, rows, body } = await search(sessionId, await codeOf(guest.id));
	expect([status, rows]).toEqual([200, []]);
	expect(body).not.toContain("Zoé Roy");
	expect(body).not.toContain("data-scan");
});

test("the camera is allowed to the page of a meeting's door, and to no other", async () => {
	const sessionId = await aDate(0);
	const guest = await givenRegistration(database.db, sessionId);
	const policyOf = async (address: string) =>
		(await ask(address, cookies.organizer)).headers.get("Permissions-Policy");
	expect(await policyOf(paths.organizer.checkIn(sessionId))).toContain("camera=(self)");
	const others = [
		paths.list("fr"),
		paths.manage("fr", signToken(secret, "manage", guest.id)),
		paths.organizer.home(),
		paths.organizer.doors(),
		paths.organizer.session(sessionId),
		"/check-in.js",
	];
	for (const address of others) expect(await policyOf(address), address).toContain("camera=()");
});
