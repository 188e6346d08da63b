import { afterAll, expect, test } from "vitest";
import { scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import {
	listFilterChoices,
	listUpcomingSessions,
	type SessionFilters,
	sessionsPerPage,
} from "#db/queries/sessions.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import { aMeeting, aSession, givenWorkshop, now } from "#tests/fixtures.ts";

const { db, drop } = await createTestDatabase();
afterAll(drop);

const lessons = await givenWorkshop(db, { titleFr: "Médias sociaux", titleEn: "Social media" });
const accounts = await givenWorkshop(db, { titleFr: "L’œil du comptable", titleEn: "" });
const hidden = await givenWorkshop(db, { titleFr: "Médias cachés", titleEn: "", published: false });

const dates = new Map<string, string>();
for (const [name, workshop, language, [first, ...others]] of [
	["spring", lessons, "fr", [aMeeting("2027-03-31"), aMeeting("2027-04-02")]],
	["summer", lessons, "en", [aMeeting("2027-06-10")]],
	["books", accounts, "fr", [aMeeting("2027-06-11")]],
	["begun", lessons, "fr", [aMeeting("2026-10-20"), aMeeting("2026-12-20")]],
	["over", accounts, "en", [aMeeting("2026-01-10")]],
	["unseen", hidden, "en", [aMeeting("2027-08-10")]],
] as const) {
	const session = aSession({ language, meetings: [first, ...others] });
	dates.set(await scheduleSession(db, workshop, session, null, now), name);
}

async function slugOf(id: string): Promise<string> {
	const workshop = db.selectFrom("workshop").select("slugFr").where("id", "=", id);
	return (await workshop.executeTakeFirstOrThrow()).slugFr;
}

const named = async (filters: SessionFilters) =>
	(await listUpcomingSessions(db, now, filters)).sessions.map(({ id }) => dates.get(id));

test("the list holds the published dates to come, and narrows to a month, a language or a workshop", async () => {
	expect(await named({})).toEqual(["begun", "spring", "summer", "books"]);
	expect(await named({ month: "2027-03" })).toEqual(["spring"]);
	expect(await named({ month: "2027-04" })).toEqual([]);
	expect(await named({ month: "2027-06" })).toEqual(["summer", "books"]);
	expect(await named({ language: "fr" })).toEqual(["begun", "spring", "books"]);
	const slugFr = await slugOf(lessons);
	expect(await named({ workshop: slugFr })).toEqual(["begun", "spring", "summer"]);
	expect(await named({ workshop: slugFr, month: "2027-06", language: "en" })).toEqual(["summer"]);
	expect(await named({ workshop: slugFr, month: "2027-06", language: "fr" })).toEqual([]);
});

test("words of a title in either language find its workshop, whatever their case, accents and order", async () => {
	for (const words of ["medias", "SOCIAUX médias", "social med", "  sociaux  "])
		expect(await named({ words }), words).toEqual(["begun", "spring", "summer"]);
	expect(await named({ words: "oeil comptable" })).toEqual(["books"]);
	expect(await named({ words: "l'œil" })).toEqual(["books"]);
	for (const words of ["caches", "sociaux comptable", "%", "_", "\\"])
		expect(await named({ words }), words).toEqual([]);
});

test("what is offered to narrow the list has a date to come; too many workshops are not offered", async () => {
	const offered = await listFilterChoices(db, now);
	expect(offered.byWords).toBe(false);
	expect(offered.workshops.map(({ titleFr }) => titleFr).toSorted()).toEqual([
		"L’œil du comptable",
		"Médias sociaux",
	]);
	expect(offered.months).toEqual(["2026-10", "2027-03", "2027-06"]);
	expect(offered.languages).toEqual(["fr", "en"]);

	// Begun on the last evening of October where it takes place, and in November in UTC.
	const late = aSession({ meetings: [aMeeting("2027-10-31", "21:00", "23:00")] });
	await scheduleSession(db, accounts, late, null, now);
	expect((await listFilterChoices(db, now)).months).toEqual(["2026-10", "2027-03", "2027-06", "2027-10"]);

	for (let n = 2; n <= 50; n += 1) {
		if (n === 50) expect((await listFilterChoices(db, now)).workshops).toHaveLength(50);
		const workshop = await givenWorkshop(db, { titleFr: `Atelier ${n}` });
		await scheduleSession(db, workshop, aSession({ meetings: [aMeeting("2027-12-01")] }), null, now);
	}
	const { workshops, byWords, months } = await listFilterChoices(db, now);
	expect([workshops, byWords]).toEqual([[], true]);
	const chosen = await listFilterChoices(db, now, await slugOf(lessons));
	expect(chosen).toMatchObject({ workshops: [{ titleFr: "Médias sociaux" }], byWords: false });
	expect(months).toEqual(["2026-10", "2027-03", "2027-06", "2027-10", "2027-12"]);
});

test("a long list goes on over its pages, each date once", async () => {
	const first = await listUpcomingSessions(db, now);
	const second = await listUpcomingSessions(db, now, {}, 2);
	expect([first.more, second.more]).toEqual([true, false]);
	expect(first.sessions).toHaveLength(sessionsPerPage);
	const ids = [...first.sessions, ...second.sessions].map(({ id }) => id);
	expect(new Set(ids).size).toBe(ids.length);
	expect(ids).toHaveLength(4 + 1 + 49);
});
