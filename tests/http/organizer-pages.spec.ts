import { afterAll, beforeAll, expect, test } from "vitest";
import { en } from "#app/i18n/en.ts";
import { formatList } from "#app/i18n/format.ts";
import { fr } from "#app/i18n/fr.ts";
import { paths } from "#app/paths.ts";
import { archiveWorkshop } from "#app/use-cases/archive-workshop.server.ts";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { cancelSession } from "#app/use-cases/cancel-session.server.ts";
import { type MeetingInput, scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { sendSignInCode } from "#app/use-cases/sign-in.server.ts";
import { switchSession } from "#app/use-cases/switch-session.server.ts";
import { saveDraft } from "#app/use-cases/write-campaign.server.ts";
import { findCampaign } from "#db/queries/campaigns.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { recordInterest } from "#db/queries/interest.server.ts";
import { findRegistration } from "#db/queries/registrations.server.ts";
import { type RunningApp, startApp } from "#tests/app-process.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import {
	aMeeting,
	aSession,
	aWorkshop,
	givenOrganizer,
	givenOrganizerCookie,
	givenRegistration,
	givenRegistrations,
	givenSession,
	givenWorkshop,
	origin,
} from "#tests/fixtures.ts";
import { givenDraft } from "./one-of-each.ts";
import { formsOf, linksOf } from "./read-page.ts";

/* What the organizers' pages answer, on the built app. */
let database: TestDatabase;
let app: RunningApp;
let organizerId: string;
let cookie: string;

beforeAll(async () => {
	database = await createTestDatabase();
	organizerId = (await givenOrganizer(database.db)).id;
	cookie = await givenOrganizerCookie(database.db, organizerId);
	app = await startApp({ DATABASE_URL: database.url });
});

afterAll(async () => {
	await app.stop();
	await database.drop();
});

/** Asks for a page, or sends it a form; redirects are followed as a browser does. */
async function ask(address: string, form?: Record<string, string>, by = cookie) {
	const headers = { Cookie: by, "Sec-Fetch-Site": "same-origin" };
	const init = form ? { method: "POST", body: new URLSearchParams(form) } : {};
	const answer = await fetch(app.url + address, { ...init, headers });
	return { status: answer.status, url: answer.url.replace(app.url, ""), body: await answer.text() };
}

/** What the form of a page that has this field would send. */
function formWith(field: string, body: string, address: string): Record<string, string> {
	const form = formsOf(body, address, app.url).find(({ fields }) =>
		fields.some(({ name }) => name === field),
	);
	return Object.fromEntries((form?.fields ?? []).map(({ name, value }) => [name, value]));
}

/** The day that comes so many days after today, as a form's field holds it. */
function dayIn(days: number): string {
	return new Date(Date.now() + days * 24 * 3600_000).toISOString().slice(0, 10);
}

test("what was typed about somebody whom another tab has moved is written, and their place is given up where it is", async () => {
	const { db } = database;
	const workshopId = await givenWorkshop(db);
	const dates = [30, 37].map((days) => aSession({ meetings: [aMeeting(dayIn(days))] }));
	const [from, to] = await Promise.all(
		dates.map((date) => scheduleSession(db, workshopId, date, null, new Date())),
	);
	const { id } = await givenRegistration(db, from!);
	const old = paths.organizer.registration(from!, id);
	const typed = { ...formWith("note", (await ask(old)).body, old), note: "Allergie aux noix" };
	await switchSession(db, origin, id, to!, { organizerId }, new Date());
	const saved = await ask(old, typed);
	expect([saved.status, saved.url]).toEqual([200, `${paths.organizer.registration(to!, id)}?saved`]);
	expect((await findRegistration(db, id))?.note).toBe("Allergie aux noix");

	const cancel = await ask(paths.organizer.cancelRegistration(from!, id), {});
	expect([cancel.status, cancel.url]).toEqual([200, paths.organizer.cancelRegistration(to!, id)]);
	expect((await findRegistration(db, id))?.status).toBe("confirmed");
});

test("settings from a page that somebody else's are newer than undo nothing: both are shown, and a second save decides", async () => {
	const { db } = database;
	const page = paths.organizer.settings();
	const [stale, fresh] = [(await ask(page)).body, (await ask(page)).body];
	expect((await ask(page, { ...formWith("retentionMonths", fresh, page), retentionMonths: "36" })).url).toBe(
		`${page}?enregistre`,
	);
	const mine = { ...formWith("retentionMonths", stale, page), name: "Formation Renommée" };
	const refused = await ask(page, mine);
	expect([refused.status, refused.body.includes(fr.organizer.settings.errors.conflict)]).toEqual([409, true]);
	expect(await findFirm(db)).toMatchObject({ name: "Formation Exemple inc.", retentionMonths: 36 });
	expect(refused.body).toMatch(/<dt[^>]*>Conservation, en mois<\/dt><dd>36</);
	const again = formWith("retentionMonths", refused.body, page);
	expect(again).toMatchObject({ name: "Formation Renommée", retentionMonths: "24" });
	expect((await ask(page, { ...again, retentionMonths: "36" })).url).toBe(`${page}?enregistre`);
	expect(await findFirm(db)).toMatchObject({ name: "Formation Renommée", retentionMonths: 36 });
});

test("a form of a new date that is sent again makes it once; brought back for another one, it asks first", async () => {
	const { db } = database;
	const workshopId = await givenWorkshop(db);
	const page = paths.organizer.newSession(workshopId);
	const where = { where: "place", place: "Montréal", capacity: "10", waitlistMode: "none" };
	const typed = { ...where, date1: dayIn(30), start1: "09:00", end1: "12:00" };
	const { intent: _, ...blank } = formWith("capacity", (await ask(page)).body, page);
	const form = { ...blank, ...typed };
	const first = await ask(page, form);
	expect(first.url).toContain("?enregistre");
	expect((await ask(page, form)).url).toBe(first.url);
	// What was corrected before the second sending is not lost without a word either.
	expect((await ask(page, { ...form, price: "195" })).status).toBe(409);
	const other = await ask(page, { ...form, date1: dayIn(31) });
	expect([other.status, other.body.includes(fr.organizer.session.errors.keyReused)]).toEqual([409, true]);
	const { key, ...kept } = formWith("capacity", other.body, page);
	expect(kept).toMatchObject({ date1: dayIn(31), place: "Montréal" });
	const second = await ask(page, { ...form, key: key!, date1: dayIn(31) });
	expect(second.url).toContain("?enregistre");
	expect(second.url).not.toBe(first.url);
	const made = db.selectFrom("session").select("id").where("workshopId", "=", workshopId);
	expect(await made.execute()).toHaveLength(2);
});

test("a form that added somebody, brought back and filled for another, asks first and keeps what was typed", async () => {
	const { db } = database;
	const sessionId = await givenSession(db, { meetings: [aMeeting(dayIn(30))] });
	const page = paths.organizer.addAttendee(sessionId);
	const form = { ...formWith("phone", (await ask(page)).body, page), name: "Ann Roy" };
	expect((await ask(page, form)).url).toContain("&ajoutee");
	expect((await ask(page, form)).url).toContain("&ajoutee");
	const other = await ask(page, { ...form, name: "Bob Roy", note: "Par téléphone" });
	expect([other.status, other.body.includes(fr.organizer.attendee.errors.keyReused)]).toEqual([409, true]);
	const again = formWith("phone", other.body, page);
	expect(again).toMatchObject({ name: "Bob Roy", note: "Par téléphone" });
	expect((await ask(page, again)).url).toContain("&ajoutee");
	const people = db.selectFrom("registration").select("name").where("sessionId", "=", sessionId);
	expect((await people.execute()).map(({ name }) => name).sort()).toEqual(["Ann Roy", "Bob Roy"]);
});

test("an organizer corrects an address; one that has a place already, or none at all, comes back with what was typed", async () => {
	const { db } = database;
	const workshopId = await givenWorkshop(db);
	const date = aSession({ meetings: [aMeeting(dayIn(30))] });
	const sessionId = await scheduleSession(db, workshopId, date, null, new Date());
	const [zoe] = await givenRegistrations(db, sessionId, [
		{ name: "Zoé Roy", email: "zoe@exempl.ca" },
		{ email: "noe@exemple.ca" },
	]);
	const here = paths.organizer.registration(sessionId, zoe!.id);
	const asked = formWith("email", (await ask(here)).body, here);
	expect(asked).toMatchObject({ email: "zoe@exempl.ca", locale: "fr" });
	const words = fr.organizer.attendee;
	const send = (email: string) => ask(here, { ...asked, intent: "correct", email });
	for (const [typed, status, sentence] of [
		["noe@exemple.ca", 409, words.errors.registered],
		["", 400, words.errors.email],
		["zoe@", 400, words.errors.email],
	] as const) {
		const refused = await send(typed);
		expect([refused.status, refused.body.includes(sentence)], typed).toEqual([status, true]);
		expect(formWith("email", refused.body, here).email).toBe(typed);
	}
	expect((await findRegistration(db, zoe!.id))?.email).toBe("zoe@exempl.ca");
	const stale = await ask(here, {
		...asked,
		intent: "correct",
		email: "zoe@exemple.ca",
		addressSeen: "0 fr",
	});
	expect([stale.status, stale.body.includes(words.errors.conflict)]).toEqual([409, true]);
	expect(formWith("email", stale.body, here)).toEqual({ ...asked, email: "zoe@exemple.ca" });
	const corrected = await send("zoe@exemple.ca");
	expect([corrected.status, corrected.url]).toEqual([200, `${here}?corrected`]);
	expect(corrected.body).toContain(words.corrected);
	expect((await findRegistration(db, zoe!.id))?.email).toBe("zoe@exemple.ca");

	await db.updateTable("session").set({ startsAt: new Date() }).where("id", "=", sessionId).execute();
	expect((await ask(here)).body).toContain(words.correctHintBegun);
	await db.updateTable("session").set({ cancelledAt: new Date() }).where("id", "=", sessionId).execute();
	expect(formWith("email", (await ask(here)).body, here)).toEqual({});
	const late = await send("zoe.roy@exemple.ca");
	expect([late.status, late.body.includes(words.errors.tooLate)]).toEqual([409, true]);
});

test("an online date without a link promises one for later, and its organizer is asked for it", async () => {
	const { db } = database;
	const workshop = aWorkshop();
	const date = { online: true, meetings: [aMeeting(dayIn(30))] as [MeetingInput] };
	const id = await scheduleSession(db, await givenWorkshop(db, workshop), aSession(date), null, new Date());
	const addresses = [paths.workshop("fr", workshop.slugFr), paths.organizer.session(id)] as const;
	const read = async () =>
		(await Promise.all(addresses.map((address) => ask(address)))).map(({ body }) => body);
	const [page, list] = await read();
	expect(page).toContain(fr.workshop.joinMuchLater);
	expect(list).toContain(fr.organizer.dashboard.noLink);
	await db.updateTable("session").set({ joinUrl: "https://exemple.ca/salle" }).where("id", "=", id).execute();
	const [pageThen, listThen] = await read();
	expect(pageThen).toContain(fr.workshop.joinLater);
	expect(pageThen).not.toContain("exemple.ca/salle");
	expect(listThen).not.toContain(fr.organizer.dashboard.noLink);
});

test("a message that was stopped is taken up again as a draft of its own", async () => {
	const { db } = database;
	const sessionId = await givenSession(db, { meetings: [aMeeting(dayIn(30))] });
	await givenRegistration(db, sessionId);
	const id = await givenDraft(db, sessionId, organizerId);
	const page = paths.organizer.campaign(id);
	await ask(page, { ...formWith("count", (await ask(page)).body, page), intent: "send" });
	expect((await ask(page, { intent: "stop" })).body).toContain(fr.organizer.message.again);
	const again = await ask(page, { intent: "again" });
	expect(again.url).not.toContain(id);
	expect(formWith("bodyFr", again.body, again.url)).toMatchObject({
		audience: "confirmed",
		subjectFr: "La salle",
		bodyFr: "Bonjour {{name}}",
		bodyEn: "Hello {{name}}",
	});
	expect((await findCampaign(db, id))?.state).toBe("stopped");
});

test("the page of a cancelled date has those who were on it, and adds nobody", async () => {
	const { db } = database;
	const sessionId = await givenSession(db, { meetings: [aMeeting(dayIn(30))] });
	const { id } = await givenRegistration(db, sessionId);
	await cancelSession(db, origin, sessionId, { fr: "", en: "" }, organizerId, new Date());
	const add = paths.organizer.addAttendee(sessionId);
	const { url, body } = await ask(add);
	expect(url).toBe(paths.organizer.session(sessionId));
	expect(body).toContain(paths.organizer.registration(sessionId, id));
	for (const link of [add, paths.organizer.importList(sessionId)]) expect(body).not.toContain(link);
});

test("a seat that is only offered says so, and until when, in the list and on the person's page", async () => {
	const { db } = database;
	const date = {
		capacity: 1,
		waitlistMode: "offer" as const,
		meetings: [aMeeting(dayIn(30))] as [MeetingInput],
	};
	const sessionId = await givenSession(db, date);
	const [first, second] = await givenRegistrations(db, sessionId, [{}, {}]);
	await cancelRegistration(db, origin, first!.id, { organizerId }, new Date());
	const until = /Place offerte.*à prendre avant le \d/;
	const list = await ask(paths.organizer.session(sessionId));
	expect(list.body).toContain(fr.statusWord.offered);
	expect(list.body).toMatch(until);
	expect((await ask(paths.organizer.registration(sessionId, second!.id))).body).toMatch(until);
});

test("a date that its workshop keeps off the site is not shown as open", async () => {
	const { db } = database;
	const date = aSession({ meetings: [aMeeting(dayIn(2))] });
	const workshopId = await givenWorkshop(db, { published: false });
	await scheduleSession(db, workshopId, date, null, new Date());
	const put = await givenWorkshop(db);
	await scheduleSession(db, put, date, null, new Date());
	await archiveWorkshop(db, put, true, organizerId, new Date());
	const { body } = await ask(paths.organizer.home());
	expect(body).toContain(fr.seats.draftWorkshop);
	expect(body).toContain(fr.organizer.workshops.archived);
});

test("the sheet to sign has everyone who has a seat, by name, in the language of the date", async () => {
	const { db } = database;
	const workshopId = await givenWorkshop(db, { titleEn: "Passwords & habits", trainer: "" });
	const date = aSession({
		language: "en",
		capacity: 3,
		waitlistMode: "offer",
		meetings: [aMeeting(dayIn(30))],
	});
	const sessionId = await scheduleSession(db, workshopId, date, null, new Date());
	const [, leaves] = await givenRegistrations(db, sessionId, [
		{ name: "Zoé R<b>oy", organization: "Coop & Nord" },
		{ name: "Paul Parti" },
		{ name: "Noé Aubin" },
		{ name: "Anne Offerte" },
	]);
	await cancelRegistration(db, origin, leaves!.id, { organizerId }, new Date());
	const { status, body } = await ask(paths.organizer.sheet(sessionId));
	expect(status).toBe(200);
	expect(body).toContain(`<section class="sheet" lang="en-CA">`);
	expect(body).toContain("Passwords &amp; habits");
	expect(body).toContain(en.organizer.sheet.sign);
	const rows = [...body.matchAll(/<th scope="row">(.*?)<\/th><td>(.*?)<\/td>/g)].map(([, ...cells]) => cells);
	// Who is only offered a seat has none yet.
	expect(rows).toEqual([
		["Noé Aubin", "Coop Nord"],
		["Zoé R&lt;b&gt;oy", "Coop &amp; Nord"],
	]);
	const blank = /<tr><td>\d<\/td><td><\/td><td><\/td><td><\/td><td><\/td><\/tr>/g;
	expect(body.match(blank)).toHaveLength(5);
});

test("a course of many days is signed for on several sheets, each with everyone", async () => {
	const { db } = database;
	const meetings = [30, 31, 32].map((days) => aMeeting(dayIn(days))) as [MeetingInput];
	const sessionId = await givenSession(db, { meetings });
	await givenRegistration(db, sessionId);
	const { body } = await ask(paths.organizer.sheet(sessionId));
	expect(body.match(/<section class="sheet[^>]*>/g)).toEqual([
		`<section class="sheet lying" lang="fr-CA">`,
		`<section class="sheet" lang="fr-CA">`,
	]);
	expect(body.match(/<th scope="colgroup"/g)).toHaveLength(3);
	expect(body.match(/<th scope="row">Zoé Roy<\/th>/g)).toHaveLength(2);
	expect(body.match(/<h1/g)).toHaveLength(1);
});

test("organizers change their own name and language, and the log says so", async () => {
	const { db } = database;
	const { id } = await givenOrganizer(db, { role: "owner" });
	const theirs = await givenOrganizerCookie(db, id);
	const own = paths.organizer.own();
	const empty = await ask(own, { name: " ", locale: "en", digest: "yes" }, theirs);
	expect(empty.status).toBe(400);
	expect(empty.body).toContain(fr.register.errors.nameMissing);
	const saved = await ask(own, { name: "Mireille Roy", locale: "en", digest: "yes" }, theirs);
	expect(saved.body).toContain(en.organizer.own.saved);
	expect(formWith("name", saved.body, own)).toMatchObject({ name: "Mireille Roy" });
	const audit = await db
		.selectFrom("audit")
		.select(["action", "data"])
		.where("organizerId", "=", id)
		.execute();
	expect(audit).toEqual([
		{ action: "organizer.preferences-changed", data: { fields: ["name", "locale", "alerts"] } },
	]);
});

test("what is not there leads an organizer back to the sessions, and a stranger to the public list", async () => {
	const missing = `${paths.organizer.home()}/nulle-part`;
	const theirs = await ask(missing);
	expect([theirs.status, linksOf(theirs.body, missing, app.url)]).toEqual([
		404,
		expect.arrayContaining([paths.organizer.home()]),
	]);
	expect(theirs.body).toContain(fr.refused.sessions);
	expect((await ask(missing, undefined, "")).body).toContain(fr.refused.home);
});

test("whoever reads the back office in English signs in, and in again, on English pages", async () => {
	const { db } = database;
	const { email } = await givenOrganizer(db, { locale: "en" });
	const sent = await sendSignInCode(db, { ...origin, publicUrl: app.url }, email, new Date());
	const link = sent!.url.replace(app.url, "");
	expect((await ask(link, undefined, "")).body).toContain(en.organizer.signIn.linkTitle);

	const send = (address: string, by = "") =>
		fetch(app.url + address, {
			method: "POST",
			headers: { "Sec-Fetch-Site": "same-origin", Cookie: by },
			body: new URLSearchParams(),
			redirect: "manual",
		});
	const signedIn = await send(link);
	const [signIn = "", language = ""] = signedIn.headers.getSetCookie().map((each) => each.split(";")[0]);
	expect([signedIn.status, language]).toEqual([303, "organizer-language=en"]);
	const signedOut = await send(paths.organizer.signOut(), signIn);
	expect(signedOut.headers.get("Location")).toBe(paths.organizer.signIn("en"));

	// What signed the browser in is over, as it is after two weeks.
	const again = await ask(paths.organizer.emails(), undefined, `${signIn}; ${language}`);
	expect(again.url).toMatch(/^\/organizer\/sign-in\?to=/);
	expect(again.body).toContain(en.organizer.signIn.lede);
});

test("until the firm says who it is, the dashboard asks for it and an announcement is refused with what to fill in", async () => {
	const { db } = database;
	const { name, postalAddress, email, privacyOfficerFr } = await findFirm(db);
	expect([postalAddress, email, privacyOfficerFr]).toEqual(["", "", ""]);
	const words = fr.organizer.dashboard;
	const all = formatList(Object.values(words.facts), "fr");
	expect((await ask(paths.organizer.home())).body).toContain(words.missing(all));
	const notice = await ask(paths.privacy("fr"));
	expect(notice.body).toContain(fr.privacy.officerDefault(name));
	expect(notice.body).toContain(fr.privacy.officerUnreachable);

	const sessionId = await givenSession(db);
	const wanted = { email: "zoe@exemple.ca", locale: "fr" as const, wording: "oui", source: "news" };
	await recordInterest(db, [wanted], new Date());
	const texts = { subjectFr: "Nouvelle date", subjectEn: "", bodyFr: "{{session_url}}", bodyEn: "" };
	const input = { ...texts, audience: "interest" as const };
	const id = await saveDraft(db, sessionId, null, input, organizerId, new Date());
	const draft = paths.organizer.campaign(id!);
	const send = { ...formWith("count", (await ask(draft)).body, draft), intent: "send" };
	const refused = await ask(draft, send);
	expect(refused.status).toBe(409);
	expect(refused.body).toContain(fr.organizer.message.refused["no-sender"]);
	expect(refused.body).toContain(`href="${paths.organizer.settings()}"`);

	const known = { postalAddress: "1200, rue Sainte-Catherine Est", email: "formation@exemple.ca" };
	await db
		.updateTable("firm")
		.set({ ...known, privacyOfficerFr: "Direction générale" })
		.execute();
	expect((await ask(paths.organizer.home())).body).not.toContain(words.missingWhy);
	expect((await ask(paths.privacy("fr"))).body).not.toContain(fr.privacy.officerUnreachable);
	expect((await ask(draft, send)).status).toBe(200);
});

test("settings that are sent twice are saved once, and nobody is said to have changed them", async () => {
	const page = paths.organizer.settings();
	const form = { ...formWith("retentionMonths", (await ask(page)).body, page), retentionMonths: "30" };
	expect((await ask(page, form)).url).toBe(`${page}?enregistre`);
	const again = await ask(page, form);
	expect([again.status, again.url]).toEqual([200, `${page}?enregistre`]);
});

test("a seat that went to somebody else meanwhile is refused as an error, and one more can be given", async () => {
	const { db } = database;
	const sessionId = await givenSession(db, { capacity: 1, meetings: [aMeeting(dayIn(30))] });
	const [, waiting] = await givenRegistrations(db, sessionId, [{}, {}]);
	const page = paths.organizer.registration(sessionId, waiting!.id);
	// As a page that was read while a seat was free sends it.
	const refused = await ask(page, { intent: "seat" });
	expect(refused.body).toContain(fr.organizer.attendee.seatFull);
	expect(refused.body).toMatch(/role="alert"/);
	const given = await ask(page, { intent: "seat", over: "yes" });
	expect(given.body).toContain(fr.organizer.attendee.seated);
	expect((await findRegistration(db, waiting!.id))?.status).toBe("confirmed");
});
