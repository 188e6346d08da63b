import { afterAll, expect, test } from "vitest";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import {
	type AttendeeFilter,
	type AttendeeTab,
	attendeesPerPage,
	countAttendees,
	everyonePerPage,
	listAttendees,
	searchAttendees,
	streamAttendees,
} from "#db/queries/attendees.server.ts";
import { findSessionDetails, listSessionsWithPeople } from "#db/queries/sessions.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	givenRegistration,
	givenRegistrations,
	givenSession,
	minutesLater,
	now,
	origin,
} from "#tests/fixtures.ts";

const { db, drop } = await createTestDatabase();
afterAll(drop);

async function namesFound(sessionId: string, search: string, tab: AttendeeTab = "confirmed") {
	const { rows } = await listAttendees(db, { sessionId, tab, search }, 1);
	return rows.map(({ name }) => name);
}

async function countsOf(sessionId: string) {
	const { session } = (await findSessionDetails(db, sessionId))!;
	return countAttendees(db, session);
}

const nothing = { answers: false, attended: false, invoices: null };

async function streamed(sessionId: string, tab: AttendeeTab | "all", search = "") {
	const rows = [];
	for await (const batch of streamAttendees(db, { sessionId, tab, search }, nothing)) rows.push(...batch);
	return rows;
}

test("a search ignores accents, case and the order of words, and looks at the address and the organization", async () => {
	const sessionId = await givenSession(db, { capacity: 20 });
	await givenRegistrations(db, sessionId, [
		{ name: "Noé Côté-Tremblay", email: "noe@exemple.ca", organization: "Municipalité de Val-Clair" },
		{ name: "Lan Nguyễn", email: "lan@exemple.ca", organization: "Studio Lan" },
		{ name: "Ciara O’Neill", email: "ciara@exemple.ca", organization: "Œuvre du Cœur" },
	]);
	for (const search of [
		"noé",
		"NOE",
		"tremblay cote",
		"  Tremblay   Noé ",
		"noe@",
		"val-clair",
		"municipalite noe",
	]) {
		expect(await namesFound(sessionId, search), search).toEqual(["Noé Côté-Tremblay"]);
	}
	expect(await namesFound(sessionId, "nguyen studio")).toEqual(["Lan Nguyễn"]);
	for (const search of ["o'neill", "O’NEILL", "oeuvre", "cœur"]) {
		expect(await namesFound(sessionId, search), search).toEqual(["Ciara O’Neill"]);
	}
	expect(await namesFound(sessionId, "noe nguyen")).toEqual([]);
	expect(await namesFound(sessionId, "")).toHaveLength(3);
});

test("what a search means to SQL is only text to find", async () => {
	const sessionId = await givenSession(db, { capacity: 20 });
	await givenRegistrations(db, sessionId, [
		{ name: "Zoé Roy", organization: "100% bio" },
		{ name: "Guy Roy", organization: "a_b" },
		{ name: "Max Roy", organization: "c:\\d" },
		{ name: "Léa Roy", organization: "l'autre" },
	]);
	expect(await namesFound(sessionId, "%")).toEqual(["Zoé Roy"]);
	expect(await namesFound(sessionId, "0%b")).toEqual([]);
	expect(await namesFound(sessionId, "a_b")).toEqual(["Guy Roy"]);
	expect(await namesFound(sessionId, "_")).toEqual(["Guy Roy"]);
	expect(await namesFound(sessionId, "\\")).toEqual(["Max Roy"]);
	expect(await namesFound(sessionId, "'")).toEqual(["Léa Roy"]);
	expect(await namesFound(sessionId, "' or '1'='1")).toEqual([]);
});

test("a reference finds its booking, however it is typed", async () => {
	const sessionId = await givenSession(db);
	const [zoe] = await givenRegistrations(db, sessionId, [{ name: "Zoé Roy" }, { name: "Guy Roy" }]);
	const typed = `${zoe!.reference.slice(0, 4)}-${zoe!.reference.slice(4)}`.toLowerCase();
	expect(await namesFound(sessionId, typed)).toEqual(["Zoé Roy"]);
	expect(await namesFound(sessionId, zoe!.reference)).toEqual(["Zoé Roy"]);
});

test("people are listed by last name, and the line in its order", async () => {
	const sessionId = await givenSession(db, { capacity: 3 });
	await givenRegistrations(
		db,
		sessionId,
		["Zoé Roy", "Anaïs Bélanger", "Éric Émond", "Zacharie Alain", "Alain Zola"].map((name) => ({ name })),
	);
	expect(await namesFound(sessionId, "")).toEqual(["Anaïs Bélanger", "Éric Émond", "Zoé Roy"]);
	expect(await namesFound(sessionId, "", "waitlisted")).toEqual(["Zacharie Alain", "Alain Zola"]);
});

test("those who gave up their place are listed latest first", async () => {
	const sessionId = await givenSession(db);
	const people = await givenRegistrations(db, sessionId, [{ name: "A B" }, { name: "C D" }, { name: "E F" }]);
	for (const [index, { id }] of people.slice(0, 2).entries()) {
		await cancelRegistration(db, origin, id, { attendee: true }, minutesLater(index));
	}
	expect(await namesFound(sessionId, "", "cancelled")).toEqual(["C D", "A B"]);
});

test("a page holds a hundred people, and says whether there are more", async () => {
	const sessionId = await givenSession(db, { capacity: 500 });
	await givenRegistrations(
		db,
		sessionId,
		Array.from({ length: 250 }, (_, index) => ({
			name: `Personne ${String(index).padStart(3, "0")}`,
			organization: index % 5 === 0 ? "Clinique du Belvédère" : "Coop Nord",
		})),
	);
	const pages = await Promise.all(
		[1, 2, 3, 4].map((page) => listAttendees(db, { sessionId, tab: "confirmed", search: "" }, page)),
	);
	expect(pages.map(({ rows }) => rows.length)).toEqual([attendeesPerPage, attendeesPerPage, 50, 0]);
	expect(pages.map(({ more }) => more)).toEqual([true, true, false, false]);
	const names = pages.flatMap(({ rows }) => rows.map(({ name }) => name));
	expect(names).toEqual(names.toSorted());
	const found = await listAttendees(db, { sessionId, tab: "confirmed", search: "belvedere" }, 1);
	expect([found.rows.length, found.more]).toEqual([50, false]);
	const ids = pages[0]!.rows.map(({ id }) => id);
	const exactly = await listAttendees(db, { sessionId, tab: "confirmed", search: "", ids }, 1);
	expect([exactly.rows.length, exactly.more]).toEqual([attendeesPerPage, false]);
});

test("an export yields everyone once, in order, however many share a name, across its batches", async () => {
	const sessionId = await givenSession(db, { capacity: 1100 });
	await givenRegistrations(
		db,
		sessionId,
		Array.from({ length: 1100 }, (_, index) => ({
			name: ["Guy Côté", "Guy Cote", "Guy O’Neill", "guy côté", `Guy ${index % 7}`][index % 5]!,
		})),
	);
	const rows = await streamed(sessionId, "confirmed");
	expect(rows).toHaveLength(1100);
	expect(new Set(rows.map(({ id }) => id)).size).toBe(1100);
	const { rows: inOrder } = await listAttendees(db, { sessionId, tab: "confirmed", search: "" }, 1);
	expect(rows.slice(0, attendeesPerPage).map(({ id }) => id)).toEqual(inOrder.map(({ id }) => id));
	const sorted = await db
		.selectFrom("registration")
		.select("id")
		.where("sessionId", "=", sessionId)
		.orderBy("sortName")
		.orderBy("id")
		.execute();
	expect(rows.map(({ id }) => id)).toEqual(sorted.map(({ id }) => id));
});

test("an export of exactly one batch, or of nobody, ends", async () => {
	const full = await givenSession(db, { capacity: 500 });
	await givenRegistrations(db, full, Array(500).fill({}));
	expect(await streamed(full, "all")).toHaveLength(500);
	expect(await streamed(await givenSession(db), "all")).toEqual([]);
});

test("an export that is let go of early asks for no more", async () => {
	const sessionId = await givenSession(db, { capacity: 100 });
	await givenRegistrations(db, sessionId, Array(20).fill({}));
	const stream = streamAttendees(db, { sessionId, tab: "all", search: "" }, nothing);
	expect((await stream.next()).done).toBe(false);
	await stream.return(undefined);
	expect(await stream.next()).toEqual({ done: true, value: undefined });
});

test("the counts of the tabs are those of their lists; an offered seat counts as taken", async () => {
	const sessionId = await givenSession(db, { capacity: 4 });
	const people = await givenRegistrations(db, sessionId, Array(7).fill({}));
	await cancelRegistration(db, origin, people[6]!.id, { attendee: true }, now);
	const { entryId } = people.find(({ status }) => status === "waitlisted")!;
	await db
		.updateTable("registration")
		.set({ status: "offered", entryId })
		.where("id", "=", people[0]!.id)
		.execute();
	expect(await countsOf(sessionId)).toMatchObject({ confirmed: 4, waitlisted: 2, cancelled: 1 });
	for (const [tab, count] of [
		["confirmed", 4],
		["waitlisted", 2],
		["cancelled", 1],
		["all", 7],
	] as const) {
		expect(await streamed(sessionId, tab), tab).toHaveLength(count);
	}
	expect(await countsOf(await givenSession(db))).toMatchObject({
		confirmed: 0,
		waitlisted: 0,
		cancelled: 0,
	});
});

test("a list shows the reference and the contact of each person", async () => {
	const sessionId = await givenSession(db, { capacity: 1 });
	const [, waiting] = await givenRegistrations(db, sessionId, [
		{},
		{ name: "Lan Nguyễn", email: "l@exemple.ca" },
	]);
	const { rows } = await listAttendees(db, { sessionId, tab: "waitlisted", search: "" }, 1);
	expect(rows).toMatchObject([
		{
			id: waiting!.id,
			reference: waiting!.reference,
			contactName: "Lan Nguyễn",
			contactEmail: "l@exemple.ca",
		},
	]);
});

test("a list is sorted by date or by organization, and narrowed by language, note, address and choice", async () => {
	const sessionId = await givenSession(db);
	const people = await givenRegistrations(db, sessionId, [
		{ name: "Zoé Roy", organization: "Coop Nord" },
		{ name: "Lan Nguyễn", organization: "Studio Lan", locale: "en" },
		{ name: "Guy Côté", organization: "Coop Nord" },
	]);
	for (const [index, { id }] of people.entries())
		await db
			.updateTable("registration")
			.set({ createdAt: minutesLater(index) })
			.where("id", "=", id)
			.execute();
	await db.updateTable("registration").set({ note: "Noix" }).where("id", "=", people[0]!.id).execute();
	await db.updateTable("registration").set({ email: null }).where("id", "=", people[2]!.id).execute();
	const found = async (asked: Partial<AttendeeFilter>) => {
		const { rows } = await listAttendees(db, { sessionId, tab: "confirmed", search: "", ...asked }, 1);
		return rows.map(({ name }) => name.split(" ")[0]);
	};
	expect(await found({})).toEqual(["Guy", "Lan", "Zoé"]);
	expect(await found({ sort: "date" })).toEqual(["Guy", "Lan", "Zoé"]);
	await db
		.updateTable("registration")
		.set({ createdAt: minutesLater(9) })
		.where("id", "=", people[0]!.id)
		.execute();
	expect(await found({ sort: "date" })).toEqual(["Zoé", "Guy", "Lan"]);
	expect(await found({ sort: "organization" })).toEqual(["Guy", "Zoé", "Lan"]);
	expect(await found({ language: "en" })).toEqual(["Lan"]);
	expect(await found({ only: "note" })).toEqual(["Zoé"]);
	expect(await found({ only: "no-email" })).toEqual(["Guy"]);
	expect(await found({ ids: [people[0]!.id, people[1]!.id], search: "roy" })).toEqual(["Zoé"]);
	expect(await found({ ids: [] })).toEqual([]);
});

test("people are found across the sessions by the beginning of words, or by reference, the newest first", async () => {
	const [autumn, winter] = [await givenSession(db), await givenSession(db)];
	const first = await givenRegistration(db, autumn, {
		name: "Fatoumata Sow-Diarra",
		email: "fatou.diarra@exemple.ca",
		organization: "L’Atelier d’Œuvrette",
	});
	const second = await givenRegistration(db, winter, { name: "Diarra Fatoumata", email: "d@autre.example" });
	const found = async (search: string) => (await searchAttendees(db, { search })).map(({ id }) => id);
	expect(await found("diarra FATOU")).toEqual([second.id, first.id]);
	expect(await found("sow")).toEqual([first.id]);
	expect(await found("diarra@exemple.ca fatou")).toEqual([first.id]);
	expect(await found("œuvrett")).toEqual([first.id]);
	expect(await found("atelier diarr")).toEqual([first.id]);
	expect(await found("iarra")).toEqual([]);
	expect(await found(`${first.reference.slice(0, 4)}-${first.reference.slice(4)}`)).toEqual([first.id]);
	expect(await found("diarra zzz")).toEqual([]);
	for (const odd of ["'", "\\", "a & | ! b", ":*", "( )", "'':*"]) await found(odd);
});

test("an address that somebody has finds them alone, in a list and across the sessions; another is read as words", async () => {
	const sessionId = await givenSession(db);
	const [asked, longer] = await givenRegistrations(db, sessionId, [
		{ name: "Ana", email: "Ana@adresse.example" },
		{ name: "Ana Deux", email: "ana.deux@adresse.example" },
	]);
	const everywhere = async (search: string) => (await searchAttendees(db, { search })).map(({ id }) => id);
	const inTheList = async (search: string) =>
		(await listAttendees(db, { sessionId, tab: "all", search }, 1)).rows.map(({ id }) => id);
	const exported = async (search: string) => {
		const filter = { sessionId, tab: "all" as const, search, byWord: true };
		const rows = [];
		for await (const batch of streamAttendees(db, filter, nothing)) rows.push(...batch);
		return rows.map(({ id }) => id);
	};
	// Somebody else's, at another date.
	await givenRegistration(db, await givenSession(db), { email: "deux@adresse.example" });
	expect(await inTheList("deux@adresse.example")).toEqual([longer!.id]);
	for (const find of [everywhere, inTheList, exported]) {
		expect(await find(" ana@ADRESSE.example ")).toEqual([asked!.id]);
		expect((await find("ana@adresse.exam")).includes(asked!.id)).toBe(true);
		expect(await find("ux@adresse.example")).toEqual(find === inTheList ? [longer!.id] : []);
	}
});

test("everyone is read a page at a time, however many were added meanwhile", async () => {
	const sessionId = await givenSession(db, { capacity: 500 });
	const name = "Pagination Essai";
	const people = await givenRegistrations(db, sessionId, Array(everyonePerPage + 20).fill({ name }));
	const page = await searchAttendees(db, { search: "pagination essai" });
	expect(page).toHaveLength(everyonePerPage + 1);
	await givenRegistration(db, sessionId, { name });
	const before = page[everyonePerPage - 1]!.id;
	const rest = await searchAttendees(db, { search: "pagination", before });
	expect(rest).toHaveLength(20);
	const all = [...page.slice(0, everyonePerPage), ...rest].map(({ id }) => id);
	expect(all).toEqual(people.map(({ id }) => id).toReversed());
});

test("a list across the sessions exports those that a search by words finds, and no other", async () => {
	const sessionId = await givenSession(db);
	const [found] = await givenRegistrations(db, sessionId, [
		{ name: "Ana Portelance" },
		{ name: "Supporte Ici" },
	]);
	const rows = [];
	for await (const batch of streamAttendees(
		db,
		{ sessionId, tab: "all", search: "porte", byWord: true },
		nothing,
	))
		rows.push(...batch.map(({ id }) => id));
	expect(rows).toEqual([found!.id]);
	const { workshopId } = await db
		.selectFrom("session")
		.select("workshopId")
		.where("id", "=", sessionId)
		.executeTakeFirstOrThrow();
	expect(await listSessionsWithPeople(db, workshopId)).toEqual([sessionId]);
	expect(await listSessionsWithPeople(db)).toContain(sessionId);
	expect(await searchAttendees(db, { search: "", workshopId })).toHaveLength(2);
});
