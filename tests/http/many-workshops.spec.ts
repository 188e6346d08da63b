import { afterAll, beforeAll, expect, test } from "vitest";
import { paths } from "#app/paths.ts";
import { scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { type RunningApp, startApp } from "#tests/app-process.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { aMeeting, aSession, aWorkshop, givenWorkshop } from "#tests/fixtures.ts";
import { problemsOfPage } from "#tests/html-rules.ts";
import { weighPage } from "#tests/weigh.ts";
import { formsOf, linksOf } from "./read-page.ts";

/* A firm with so many workshops that nobody would choose one among them all. */
let database: TestDatabase;
let app: RunningApp;
const first = aWorkshop({ titleFr: "Atelier 1 : les médias sociaux", titleEn: "Workshop 1: social media" });

beforeAll(async () => {
	database = await createTestDatabase();
	const inAMonth = new Date(Date.now() + 30 * 24 * 3600 * 1000).toISOString().slice(0, 10);
	const session = aSession({ meetings: [aMeeting(inAMonth)] });
	for (let n = 1; n <= 51; n += 1) {
		const workshop =
			n === 1 ? first : aWorkshop({ titleFr: `Atelier ${n} : la paie`, titleEn: `Workshop ${n}: payroll` });
		const id = await givenWorkshop(database.db, workshop);
		await scheduleSession(database.db, id, session, null, new Date());
	}
	app = await startApp({
		DATABASE_URL: database.url,
		COOKIE_SECRET: "a-secret-that-only-this-test-may-know",
	});
}, 60_000);

afterAll(async () => {
	await app.stop();
	await database.drop();
});

async function open(address: string) {
	const page = await (await fetch(app.url + address)).text();
	expect(problemsOfPage(page), address).toEqual([]);
	const fields = formsOf(page, address, app.url)[0]?.fields ?? [];
	return {
		fields: Object.fromEntries(fields.map(({ name, value }) => [name, value])),
		workshops: fields.find(({ name }) => name === "atelier")?.choices,
		titles: [...page.matchAll(/class="whole"/g)].length,
		next: linksOf(page, address, app.url).find((link) => link.includes("page=2")),
		page,
	};
}

test("words find workshops in either language, are kept in their field, and go on to the next page", async () => {
	for (const locale of ["fr", "en"] as const) {
		const list = paths.list(locale);
		const all = await open(list);
		expect(all.fields).toMatchObject({ mots: "", mois: "", langue: "" });
		expect([all.titles, all.workshops]).toEqual([40, undefined]);
		expect((await weighPage(all.page, app.url)).get("html")).toBeLessThan(15_000);

		const found = await open(`${list}?mots=MEDIAS+sociaux`);
		expect([found.titles, found.fields.mots, found.next]).toEqual([1, "MEDIAS sociaux", undefined]);

		const many = await open(`${list}?mots=payroll`);
		expect([many.titles, new URLSearchParams(many.next?.split("?")[1]).get("mots")]).toEqual([40, "payroll"]);
		expect((await open(many.next!)).titles).toBe(10);

		const past = await open(`${list}?mots=payroll&page=9`);
		expect([past.titles, past.fields.mots]).toEqual([40, "payroll"]);

		const none = await open(`${list}?mots=%22%3E%3Cscript%3E`);
		expect([none.titles, none.fields.mots]).toEqual([0, '"><script>']);
		expect(none.page).not.toContain("<script>");
	}
});

test("a link to the dates of one workshop shows which one, also where nothing matches, and how to see all of them", async () => {
	const address = `${paths.list("fr")}?atelier=${first.slugFr}`;
	for (const [month, titles] of [
		["", 1],
		["2020-01", 0],
	] as const) {
		const one = await open(`${address}&mois=${month}`);
		expect(one.titles).toBe(titles);
		expect(one.workshops).toEqual(["", first.slugFr]);
		const chosen = /<option[^>]* selected=""[^>]*>([^<]*)/.exec(one.page);
		expect(chosen?.[1]).toBe("Atelier 1 : les médias sociaux");
	}
	expect((await open(`${paths.list("fr")}?atelier=inconnu`)).fields).toMatchObject({ mots: "" });
	// What narrows the list is never out of sight.
	expect((await open(`${address}&mots=paie`)).fields).toMatchObject({ mots: "paie" });
});
