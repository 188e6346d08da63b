import { afterAll, afterEach, expect, test } from "vitest";
import { brokenFields, type EmailTexts, editableKinds } from "#app/domain/email-texts.ts";
import { saveEmailText } from "#app/use-cases/save-email-text.server.ts";
import { saveSettings, settingsVersionOf } from "#app/use-cases/save-settings.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { cancellation } from "#emails/templates/cancellation.tsx";
import { groupBooked } from "#emails/templates/group-booked.tsx";
import { sessionChanged } from "#emails/templates/session-changed.tsx";
import { ownText } from "#emails/texts.ts";
import { createTestDatabase } from "#tests/database.ts";
import { aPlace, givenOrganizer, now } from "#tests/fixtures.ts";
import { emailOf, givenQueued } from "./delivery.ts";
import { templates } from "./every-template.ts";

const { db, drop } = await createTestDatabase();
afterAll(drop);
const organizer = await givenOrganizer(db);
afterEach(() => db.updateTable("firm").set({ emailTexts: "{}" }).execute());

const text = {
	subject: "Bienvenue, {{name}}",
	heading: "À bientôt",
	body: "Rendez-vous {{date}}.\n\nApportez un crayon.",
};

const aBooking = {
	key: "",
	payloadHash: "",
	sessionId: "",
	contactAttends: true,
	organization: "",
	poNumber: "",
	billingAddress: "",
	tokenVersion: 1,
	createdAt: now,
};

function save(key: string, words: typeof text | null) {
	return saveEmailText(db, key, words, organizer.id, now);
}

test("an organizer's words are in the next email of that kind and language, around the same facts", async () => {
	await save("confirmation.fr", text);
	const french = await emailOf(db, (await givenQueued(db)).id);
	expect(french.subject).toBe("Bienvenue, Zoé Roy");
	for (const body of [french.html, french.text]) {
		expect(body).toContain("Rendez-vous mardi 1er\u00a0décembre.");
		expect(body).toContain("Apportez un crayon.");
		expect(body).toContain("{{manage_url}}");
		expect(body).not.toContain("On vous attend");
	}
	const english = await emailOf(db, (await givenQueued(db, { locale: "en" })).id);
	expect(english.subject).not.toContain("Bienvenue");
});

test("going back to the original text is one step, and the firm's settings leave the texts alone", async () => {
	await save("confirmation.fr", text);
	const firm = await findFirm(db);
	const { id: _, updatedAt: __, emailTexts, ...identity } = firm;
	const by = { organizerId: organizer.id, seen: settingsVersionOf(firm) };
	expect(await saveSettings(db, { ...identity, postalAddress: "1, rue Neuve" }, by, now)).toEqual({
		ok: true,
	});
	expect((await findFirm(db)).emailTexts).toEqual(emailTexts);
	await save("confirmation.fr", null);
	expect((await findFirm(db)).emailTexts).toEqual({});
	const actions = await db
		.selectFrom("audit")
		.select("action")
		.where("action", "like", "email-text.%")
		.orderBy("id")
		.execute();
	expect(actions.slice(-2).map(({ action }) => action)).toEqual(["email-text.changed", "email-text.reset"]);
});

test("a broken text never holds a registration back: the original goes out", async () => {
	await save("confirmation.fr", { ...text, body: "Bonjour {{prenom}}" });
	const registration = await givenQueued(db);
	expect(registration.status).toBe("confirmed");
	const email = await emailOf(db, registration.id);
	expect(email.subject).toContain("Place confirmée");
	expect(email.text).toContain("On vous attend");
	expect(email.text).not.toContain("{{prenom}}");
});

test("the words of a cancelled seat are not those of a wait that ends", async () => {
	await save("cancellation.fr", text);
	const facts = await aPlace(db, "fr");
	expect(cancellation(facts, "seat", now).subject).toBe("Bienvenue, Zoé Roy");
	expect(cancellation(facts, "waiting", now).text).toContain("Vous n’êtes plus sur la liste d’attente.");
});

test.each(editableKinds)("%s: its original text, saved as it is, makes the same email", async (kind) => {
	for (const locale of ["fr", "en"] as const) {
		const facts = await aPlace(db, locale);
		const booking = { ...aBooking, ...facts.booking, contactLocale: locale };
		const registrations = ["Zoé Roy", "Noé Côté"].map((name) => ({
			...facts.registration,
			name,
			sessionId: booking.sessionId,
			status: "confirmed" as const,
			shownAs: null,
		}));
		const write = (emailTexts: EmailTexts) => {
			const edited = { ...facts, firm: { ...facts.firm, emailTexts } };
			if (kind === "group-booked") return groupBooked({ ...edited, booking, registrations });
			if (kind === "session-changed") return sessionChanged(edited, "confirmed", facts, ["where"], now);
			return templates[kind](edited);
		};
		const original = write({});
		const text = ownText(kind, locale);
		expect(write({ [`${kind}.${locale}`]: text })).toEqual(original);
		const own = { ...text, body: `${text.body}\n\nApportez {{place}}.` };
		expect(brokenFields(kind, own)).toEqual([]);
		expect(write({ [`${kind}.${locale}`]: own }).text).toContain("Apportez Montréal, Centre-ville");
	}
});

test.each(["fr", "en"] as const)(
	"the original texts, saved as they are in %s, make the same emails",
	async (locale) => {
		const original = await emailOf(db, (await givenQueued(db, { locale })).id);
		for (const kind of editableKinds) await save(`${kind}.${locale}`, ownText(kind, locale));
		const again = await emailOf(db, (await givenQueued(db, { locale })).id);
		expect(again.subject).toBe(original.subject);
		expect(again.text.split("\n").slice(0, 4)).toEqual(original.text.split("\n").slice(0, 4));
	},
);
