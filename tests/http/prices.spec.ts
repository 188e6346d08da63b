import { afterAll, beforeAll, expect, test } from "vitest";
import { signToken } from "#app/domain/token.server.ts";
import { fr } from "#app/i18n/fr.ts";
import { paths } from "#app/paths.ts";
import { scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { type RunningApp, startApp } from "#tests/app-process.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import {
	aMeeting,
	aSession,
	aWorkshop,
	givenOrganizer,
	givenOrganizerCookie,
	givenWorkshop,
} from "#tests/fixtures.ts";
import { formsOf } from "./read-page.ts";

/* What is said of a price, its taxes and its invoice, from the list to the export. */
const secret = "a-secret-that-only-whoever-pays-may-know";
const inAMonth = new Date(Date.now() + 30 * 24 * 3600_000).toISOString().slice(0, 10);
let database: TestDatabase;
let app: RunningApp;

beforeAll(async () => {
	database = await createTestDatabase();
	await givenOrganizer(database.db);
	app = await startApp({ DATABASE_URL: database.url, COOKIE_SECRET: secret });
});

afterAll(async () => {
	await app.stop();
	await database.drop();
});

async function ask(address: string, form?: Record<string, string>, cookie = "") {
	const headers = { Cookie: cookie, "Sec-Fetch-Site": "same-origin" };
	const init = form ? { method: "POST", body: new URLSearchParams(form) } : {};
	const answer = await fetch(app.url + address, { ...init, headers });
	const body = (await answer.text()).replaceAll("\u00a0", " ").replaceAll(/<!-- -->/g, "");
	return { status: answer.status, url: answer.url.replace(app.url, ""), body };
}

async function collect(gstNumber: string, qstNumber: string): Promise<void> {
	await database.db.updateTable("firm").set({ gstNumber, qstNumber }).execute();
}

const collectBoth = () => collect("123456789RT0001", "1234567890TQ0001");

async function givenDate(priceCents: number) {
	const workshop = aWorkshop();
	const input = aSession({ priceCents, capacity: 30, meetings: [aMeeting(inAMonth)] });
	const workshopId = await givenWorkshop(database.db, workshop);
	const sessionId = await scheduleSession(database.db, workshopId, input, null, new Date());
	return {
		sessionId,
		page: paths.workshop("fr", workshop.slugFr),
		form: paths.register("fr", workshop.slugFr),
	};
}

/** What the form to sign up sends when this was typed. */
async function typed(address: string, values: Record<string, string>) {
	const { body } = await ask(address);
	const form = formsOf(body, address, app.url).find(({ fields }) =>
		fields.some(({ name }) => name === "name"),
	);
	const sent = (form?.fields ?? []).filter(({ kind }) => !["button", "checkbox"].includes(kind));
	return { ...Object.fromEntries(sent.map(({ name, value }) => [name, value])), ...values };
}

const billing = { poNumber: "BC-2026-417", billingAddress: "Comptes fournisseurs\n12, rue <Neuve>\nLaval" };
const shownAddress = "Comptes fournisseurs\n12, rue &lt;Neuve&gt;\nLaval";
/** The people of one booking: the contact, then colleagues. */
const group = {
	name: "Anaïs Bélanger",
	email: "anais@exemple.ca",
	name2: "Samuel Côté",
	email2: "samuel@exemple.ca",
	name3: "Noé Aubin",
};

test("a price is said to come with taxes by a firm that collects some, and by no other", async () => {
	const said = async () => {
		// A page is kept for a second: each answer is about a date of its own.
		const { page, form } = await givenDate(19_500);
		return [(await ask(page)).body, (await ask(form)).body];
	};
	await collect("", "");
	for (const body of await said()) {
		expect(body).toContain("195,00 $");
		expect(body).not.toContain("plus taxes");
	}
	await collect("", "1234567890TQ0001");
	for (const body of await said()) expect(body).toContain("195,00 $ plus taxes");
});

test("what is to stand on the invoice is asked for where there is a price, and only there", async () => {
	const [priced, free] = [await givenDate(19_500), await givenDate(0)];
	expect((await ask(priced.form)).body).toContain(`name="poNumber"`);
	expect((await ask(free.form)).body).not.toContain(`name="poNumber"`);
});

test("a form that is refused keeps what was typed for the invoice, and says what is too long", async () => {
	const { form } = await givenDate(19_500);
	const refused = await ask(form, await typed(form, { ...billing, name: "", email: "anais@exemple.ca" }));
	expect(refused.status).toBe(400);
	expect(refused.body).toContain(`value="${billing.poNumber}"`);
	expect(refused.body).toContain(shownAddress);
	const long = { ...group, poNumber: "1".repeat(61), billingAddress: "a".repeat(501) };
	const { body } = await ask(form, await typed(form, long));
	for (const error of ["poNumberLong", "billingAddressLong"] as const)
		expect(body).toContain(fr.register.errors[error]);
});

test("whoever books reads the taxes and the invoice; those whom they sign up, their own price and no more", async () => {
	await collectBoth();
	const { db } = database;
	const { sessionId, form } = await givenDate(19_500);
	const booked = await ask(form, await typed(form, { ...group, ...billing }));
	expect(booked.status).toBe(200);
	const three = [
		["Prix avant taxes, 3 personnes", "585,00 $"],
		["TPS", "29,25 $ (123456789 RT0001)"],
		["TVQ", "58,35 $ (1234567890 TQ0001)"],
		["Total", "672,60 $, payable sur facture"],
	];
	for (const [label, value] of three) expect(booked.body).toContain(`<dt>${label}</dt><dd>${value}</dd>`);
	// Whoever has that address of the site may only have seen it over a shoulder.
	expect(booked.body).not.toContain(billing.poNumber);

	const people = await db
		.selectFrom("registration")
		.select(["id", "bookingId", "email"])
		.where("sessionId", "=", sessionId)
		.orderBy("position")
		.execute();
	const [anais, samuel, noe] = people.map(({ id }) => signToken(secret, "manage", id));
	const groupToken = signToken(secret, "group", people[0]!.bookingId);
	const own = await ask(paths.group("fr", groupToken));
	for (const [label, value] of three) expect(own.body).toContain(`<dt>${label}</dt><dd>${value}</dd>`);
	for (const token of [anais!, noe!]) {
		const { body } = await ask(paths.manage("fr", token));
		expect(body).toContain(billing.poNumber);
		expect(body).toContain("224,20 $, payable sur facture");
	}
	const colleague = await ask(paths.manage("fr", samuel!));
	expect(colleague.body).toContain("224,20 $, payable sur facture");
	const hidden = [billing.poNumber, "rue &lt;Neuve&gt;"];
	for (const words of hidden) {
		expect(own.body).toContain(words);
		expect(colleague.body).not.toContain(words);
	}

	const data = async (path: string) => JSON.parse((await ask(path)).body);
	expect(await data(paths.groupData("fr", groupToken, "json"))).toMatchObject(billing);
	expect(await data(paths.ownData("fr", anais!, "json"))).toMatchObject({
		...billing,
		registration: { price: "195,00 $", gst: "9,75 $", qst: "19,45 $", total: "224,20 $" },
	});
	expect(await data(paths.ownData("fr", samuel!, "json"))).toMatchObject({
		poNumber: null,
		billingAddress: null,
	});

	const cookie = await givenOrganizerCookie(db, (await givenOrganizer(db)).id);
	const person = await ask(paths.organizer.registration(sessionId, people[1]!.id), undefined, cookie);
	for (const words of hidden) expect(person.body).toContain(words);
	const csv = await ask(`${paths.organizer.csv(sessionId)}?sep=;`, undefined, cookie);
	expect(csv.body).toContain(
		"Prix avant taxes;TPS à facturer;TVQ à facturer;Total à facturer;Bon de commande;Adresse de facturation",
	);
	// What the group owes stands in the row of its first person alone: the sum of a column is what to invoice.
	expect(csv.body.match(/;195;29,25;58,35;672,6;BC-2026-417;/g)).toHaveLength(1);
	expect(csv.body.match(/;195;;;;BC-2026-417;/g)).toHaveLength(2);
});

test("the file of a free date has no column for what nobody owes", async () => {
	const { db } = database;
	const { sessionId, form } = await givenDate(0);
	await ask(form, await typed(form, { name: "Zoé Roy", email: "zoe@exemple.ca" }));
	const cookie = await givenOrganizerCookie(db, (await givenOrganizer(db)).id);
	const { body } = await ask(paths.organizer.csv(sessionId), undefined, cookie);
	expect(body).toContain("Zoé Roy");
	expect(body).not.toContain("facturer");
});
