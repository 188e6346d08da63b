import { afterAll, afterEach, expect, test } from "vitest";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { saveOwn } from "#app/use-cases/change-own.server.ts";
import { saveEmailText } from "#app/use-cases/save-email-text.server.ts";
import { changeWebhook } from "#app/use-cases/save-webhook.server.ts";
import { queueAlerts, queueDueDigests } from "#app/use-cases/write-to-organizers.server.ts";
import { pauseByItself } from "#db/queries/webhooks.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	givenOrganizer,
	givenRegistration,
	givenRegistrations,
	givenSession,
	givenWebhook,
	origin,
	warmUp,
} from "#tests/fixtures.ts";
import { deliverAll, givenMailServer } from "./delivery.ts";

const { db, drop } = await createTestDatabase();
afterAll(drop);
afterEach(async () => {
	await db.updateTable("organizer").set({ revokedAt: new Date() }).execute();
	await db.updateTable("email").set({ status: "cancelled", failedAt: null }).execute();
	await db.updateTable("session").set({ cancelledAt: new Date() }).execute();
	await db.updateTable("firm").set({ emailTexts: "{}" }).execute();
});

const friday = new Date("2026-11-27T07:30:00-05:00");
const minutesAfter = (at: Date, minutes: number) => new Date(at.getTime() + minutes * 60_000);

async function emailsTo(organizerId: string) {
	return db.selectFrom("email").selectAll().where("organizerId", "=", organizerId).orderBy("id").execute();
}

test("on Friday morning each organizer has one digest: the week, the dates to come, what is missing", async () => {
	const organizer = await givenOrganizer(db);
	const english = await givenOrganizer(db, { locale: "en", role: "owner" });
	const door = await givenOrganizer(db, { role: "door" });
	const silent = await givenOrganizer(db);
	await saveOwn(db, silent, { digest: false }, friday);
	const id = await givenSession(db, { capacity: 5, minimum: 4 });
	const [left] = await givenRegistrations(db, id, [{}, {}, {}]);
	await cancelRegistration(db, origin, left!.id, { attendee: true }, friday);

	expect(await queueDueDigests(db, origin, minutesAfter(friday, -1))).toBe(0);
	expect(await queueDueDigests(db, origin, friday)).toBe(2);
	expect(await queueDueDigests(db, origin, minutesAfter(friday, 1))).toBe(0);
	for (const { id: other } of [door, silent]) expect(await emailsTo(other)).toEqual([]);
	const [french] = await emailsTo(organizer.id);
	const text = french!.text.replaceAll("\u00a0", " ");
	expect(french!.subject.replaceAll("\u00a0", " ")).toBe("Votre semaine : 3 inscriptions, 1 date à venir");
	expect(text).toContain("3 inscriptions depuis sept jours, 1 annulation.");
	expect(text).toContain("Mardi 1er décembre\nLes médias sociaux en entreprise · Montréal, Centre-ville");
	expect(text).toContain("2 sur 5 · +2 cette semaine · il manque 2 personnes pour confirmer la date");
	expect(text).toContain(`${origin.publicUrl}/organizer/settings/me`);
	expect(french!.html).toContain(`href="${origin.publicUrl}/organizer/sessions/${id}"`);
	const [other] = await emailsTo(english.id);
	expect(other!.subject).toBe("Your week: 3 registrations, 1 date to come");
});

test("the next Friday brings another digest, and a Friday with nothing to say brings none", async () => {
	const organizer = await givenOrganizer(db);
	const later = minutesAfter(friday, 7 * 24 * 60);
	const quiet = minutesAfter(friday, 5 * 7 * 24 * 60);
	await givenRegistration(db, await givenSession(db));
	await queueDueDigests(db, origin, friday);
	await queueDueDigests(db, origin, minutesAfter(friday, 5));
	expect(await emailsTo(organizer.id)).toHaveLength(1);
	// The date of 1 December is over by the next Friday, but what came in last week is not news any more.
	expect(await queueDueDigests(db, origin, later)).toBe(0);
	expect(await queueDueDigests(db, origin, quiet)).toBe(0);
});

test("an email that is refused is told once, within the hour's limit, to whoever wants it", async () => {
	const organizer = await givenOrganizer(db);
	const silent = await givenOrganizer(db);
	await saveOwn(db, silent, { alerts: false }, friday);
	const { smtp, transport } = await givenMailServer({ code: 550, at: "recipient" });
	await givenRegistration(db, await givenSession(db));
	await deliverAll(db, transport, friday);
	expect(await queueAlerts(db, origin, minutesAfter(friday, 1))).toBe(1);
	expect(await queueAlerts(db, origin, minutesAfter(friday, 2))).toBe(0);
	expect(await emailsTo(silent.id)).toEqual([]);
	const [told] = await emailsTo(organizer.id);
	expect(told!.text).toContain("1 courriel n’a pas pu être livré");
	expect(told!.text).not.toContain("Zoé Roy");

	await givenRegistration(db, await givenSession(db));
	await deliverAll(db, transport, minutesAfter(friday, 10));
	expect(await queueAlerts(db, origin, minutesAfter(friday, 30))).toBe(0);
	// The alert itself was refused as well: that is no news to write about.
	expect(await queueAlerts(db, origin, minutesAfter(friday, 62))).toBe(1);
	const [, second] = await emailsTo(organizer.id);
	expect(second!.text).toContain("1 courriel n’a pas pu être livré");
	expect(smtp.arrived).toEqual([]);
	expect(await queueAlerts(db, origin, minutesAfter(friday, 200))).toBe(0);
});

test("instances that see two failures at once, one after the other, tell of them in one alert", async () => {
	const organizer = await givenOrganizer(db);
	const { transport } = await givenMailServer({ code: 550, at: "recipient" });
	for (const minutes of [0, 1]) {
		await givenRegistration(db, await givenSession(db));
		await deliverAll(db, transport, minutesAfter(friday, minutes));
	}
	await warmUp(db);
	const moments = [1, 2, 1, 2].map((minutes) => minutesAfter(friday, minutes));
	const queued = await Promise.all(moments.map((at) => queueAlerts(db, origin, at)));
	expect(queued.filter((count) => count > 0)).toEqual([1]);
	expect(await emailsTo(organizer.id)).toHaveLength(1);
});

test("owners are told once that a webhook was stopped, and nobody else is", async () => {
	const organizer = await givenOrganizer(db);
	const owner = await givenOrganizer(db, { role: "owner" });
	const id = await givenWebhook(db, owner.id, { name: "Notre CRM" });
	await db.updateTable("webhook").set({ failingSince: friday }).where("id", "=", id).execute();
	const webhook = await db.selectFrom("webhook").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
	await pauseByItself(db, webhook, "failing", friday);
	expect(await queueAlerts(db, origin, minutesAfter(friday, 1))).toBe(1);
	expect(await queueAlerts(db, origin, minutesAfter(friday, 90))).toBe(0);
	expect(await emailsTo(organizer.id)).toEqual([]);
	const [told] = await emailsTo(owner.id);
	expect(told!.subject).toContain("un de vos outils ne reçoit plus rien");
	expect(told!.text).toContain("Notre CRM");
	expect(told!.text).toContain("ne le sera pas ensuite, sauf les effacements");
	expect(told!.text).toContain("/organizer/settings/webhooks");

	await changeWebhook(db, id, { what: "resume" }, owner.id, minutesAfter(friday, 100));
	await pauseByItself(db, webhook, "gone", minutesAfter(friday, 110));
	expect(await queueAlerts(db, origin, minutesAfter(friday, 120))).toBe(1);
	await changeWebhook(db, id, { what: "remove" }, owner.id, minutesAfter(friday, 130));
});

test("a text that cannot be used is told to the organizers, once, and holds nothing back", async () => {
	const organizer = await givenOrganizer(db);
	const broken = { subject: "Bonjour {{prenom}}", heading: "Bonjour", body: "Bonjour" };
	await saveEmailText(db, "confirmation.fr", broken, organizer.id, friday);
	expect((await givenRegistration(db, await givenSession(db))).status).toBe("confirmed");
	expect(await queueAlerts(db, origin, friday)).toBe(1);
	expect(await queueAlerts(db, origin, minutesAfter(friday, 120))).toBe(0);
	const told = await emailsTo(organizer.id);
	expect(told).toHaveLength(1);
	expect(told[0]!.text).toContain("Confirmation, français");
	expect(told[0]!.html).toContain(`href="${origin.publicUrl}/organizer/emails/texts"`);
});
