import { sql } from "kysely";
import { afterAll, afterEach, expect, onTestFinished, test } from "vitest";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { queueDueCampaigns, sendCampaign, stopCampaign } from "#app/use-cases/send-campaign.server.ts";
import {
	type CampaignInput,
	findCampaignFacts,
	saveDraft,
	sendTrial,
} from "#app/use-cases/write-campaign.server.ts";
import { openDatabase } from "#db/client.server.ts";
import { countAudience, findCampaign } from "#db/queries/campaigns.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	givenOrganizer,
	givenRegistration,
	givenRegistrations,
	givenSession,
	minutesLater,
	now,
	origin,
	warmUp,
} from "#tests/fixtures.ts";
import { deliverAll, emptyOutbox, givenMailServer, secondsLater } from "./delivery.ts";

const { db, url, drop } = await createTestDatabase();
afterEach(async () => {
	await emptyOutbox(db);
	await db
		.updateTable("campaign")
		.set({ state: "stopped", endedAt: now })
		.where("state", "=", "sending")
		.execute();
});
afterAll(drop);

const organizer = await givenOrganizer(db);
const words = {
	subjectFr: "À propos de {{session}}",
	subjectEn: "About {{session}}",
	bodyFr:
		"Bonjour {{name}},\n\n**Apportez** votre portable à {{place}}. [Mon inscription]({{manage_url}}) ou {{manage_url}}",
	bodyEn: "Hello {{name}}, bring your laptop. {{session_url}}",
};

async function draft(sessionId: string, changes: Partial<CampaignInput> = {}) {
	return (await saveDraft(
		db,
		sessionId,
		null,
		{ audience: "confirmed", ...words, ...changes },
		organizer.id,
		now,
	))!;
}

/** Sends to everyone there is, as an organizer does who has just seen the text and the count. */
async function send(id: string, at = now) {
	return sendCampaign(db, id, await seenOf(id), organizer.id, at);
}

async function seenOf(id: string) {
	const campaign = (await findCampaign(db, id))!;
	const { fr, en } = await countAudience(db, campaign);
	return { people: fr + en, savedAt: campaign.updatedAt.toISOString() };
}

async function copiesOf(id: string) {
	return db.selectFrom("email").selectAll().where("campaignId", "=", id).orderBy("id").execute();
}

test("each person gets one email of their own, in their language, with their own link", async () => {
	const sessionId = await givenSession(db);
	const people = await givenRegistrations(db, sessionId, [
		{ name: "Zoé *Roy* <b>", locale: "fr" },
		{ name: "Heather", locale: "en" },
	]);
	await emptyOutbox(db);
	const id = await draft(sessionId);
	expect(await send(id)).toEqual({ ok: true });
	expect(await queueDueCampaigns(db, origin, secondsLater(29))).toBe(0);
	expect(await queueDueCampaigns(db, origin, secondsLater(30))).toBe(2);
	expect(await queueDueCampaigns(db, origin, secondsLater(31))).toBe(0);
	const { smtp, transport } = await givenMailServer();
	await deliverAll(db, transport, secondsLater(40));
	expect(smtp.recipients).toHaveLength(2);
	expect(smtp.recipients).toEqual(expect.arrayContaining(people.map(({ email }) => [email])));
	const french = smtp.arrived.find(
		({ subject }) => subject === "À propos de Les médias sociaux en entreprise",
	)!;
	expect(french.bcc ?? french.cc).toBeUndefined();
	expect(french.html).toContain("Bonjour Zoé *Roy* &lt;b&gt;,");
	expect(french.html).toContain("<strong>Apportez</strong>");
	const link = /https:\/\/ateliers\.exemple\.ca\/ma-place\/[\w.-]+/.exec(french.text!)![0];
	expect((french.html as string).split(`href="${link}"`)).toHaveLength(3);
	expect(french.text).toContain("Bonjour Zoé *Roy* <b>,");
	expect(`${french.html}${french.text}`).not.toMatch(/\{\{|%7B/);
	const english = smtp.arrived.find(({ subject }) => subject === "About Social media at work")!;
	expect(english.html).toContain('lang="en-CA"');
	expect(english.text).toContain("https://ateliers.exemple.ca/en/workshops/");
	expect(await findCampaign(db, id)).toMatchObject({ state: "sent", recipients: 2 });
});

test("a text that was changed since it was read, in another tab, is refused, and nothing leaves", async () => {
	const sessionId = await givenSession(db);
	await givenRegistration(db, sessionId);
	const id = await draft(sessionId);
	const seen = await seenOf(id);
	const input: CampaignInput = { audience: "confirmed", ...words, bodyFr: "Une ébauche" };
	await saveDraft(db, sessionId, id, input, organizer.id, secondsLater(1));
	expect(await sendCampaign(db, id, seen, organizer.id, now)).toEqual({ ok: false, reason: "text-changed" });
	expect(await queueDueCampaigns(db, origin, minutesLater(1))).toBe(0);
	expect(await send(id)).toEqual({ ok: true });
});

test("a count that is no longer true is refused, and nothing leaves", async () => {
	const sessionId = await givenSession(db);
	await givenRegistration(db, sessionId);
	const id = await draft(sessionId);
	await givenRegistration(db, sessionId);
	const seen = { ...(await seenOf(id)), people: 1 };
	expect(await sendCampaign(db, id, seen, organizer.id, now)).toEqual({ ok: false, reason: "count-changed" });
	expect(await queueDueCampaigns(db, origin, minutesLater(1))).toBe(0);
	const nobody = await draft(await givenSession(db));
	expect(await send(nobody)).toEqual({ ok: false, reason: "nobody" });
	await send(id);
	expect(await send(id)).toEqual({ ok: false, reason: "sent-already" });
});

test("a message to a view goes to exactly who the list shows, asked again when it leaves", async () => {
	const sessionId = await givenSession(db, { capacity: 3 });
	const [noe, , anna] = await givenRegistrations(db, sessionId, [
		{ name: "Noé Côté-Tremblay", locale: "fr" },
		{ name: "Zoé Roy", locale: "fr" },
		{ name: "Anna Tremblay", locale: "en" },
		{ name: "Léa Tremblay", locale: "fr" },
	]);
	const view = { tab: "confirmed", search: "tremblay" } as const;
	const id = await draft(sessionId, { audience: "view", view });
	const campaign = (await findCampaign(db, id))!;
	expect(campaign.view).toEqual(view);
	expect(await countAudience(db, campaign)).toEqual({ fr: 1, en: 1 });
	expect(await countAudience(db, { ...campaign, view: { ...view, language: "en" } })).toEqual({
		fr: 0,
		en: 1,
	});
	const ticked = { tab: "confirmed", search: "", ids: [noe!.id] } as const;
	expect(await countAudience(db, { ...campaign, view: { ...ticked, ids: [noe!.id] } })).toEqual({
		fr: 1,
		en: 0,
	});

	expect(await send(id)).toEqual({ ok: true });
	await cancelRegistration(db, origin, anna!.id, { attendee: true }, now);
	expect(await queueDueCampaigns(db, origin, minutesLater(1))).toBe(2);
	const told = (await copiesOf(id)).map(({ toName }) => toName).sort();
	expect(told).toEqual(["Léa Tremblay", "Noé Côté-Tremblay"]);
});

test("an audience is exactly who is in it: who left and came back has not left, and who left twice is one", async () => {
	const sessionId = await givenSession(db, { capacity: 2 });
	const email = "encore@exemple.ca";
	const leave = (id: string) => cancelRegistration(db, origin, id, { attendee: true }, now);
	for (let times = 0; times < 2; times++) await leave((await givenRegistration(db, sessionId, { email })).id);
	const left = await givenRegistration(db, sessionId);
	await leave(left.id);
	const count = async (audience: CampaignInput["audience"]) => {
		const { fr, en } = await countAudience(db, { sessionId, audience });
		return fr + en;
	};
	expect(await count("cancelled")).toBe(2);
	await givenRegistrations(db, sessionId, [{ email }, {}, {}, {}]);
	expect(await count("cancelled")).toBe(1);
	expect(await count("confirmed")).toBe(2);
	expect(await count("waitlisted")).toBe(2);
});

test("a message undone within half a minute never goes out", async () => {
	const sessionId = await givenSession(db);
	await givenRegistration(db, sessionId);
	const id = await draft(sessionId);
	await send(id);
	await stopCampaign(db, id, organizer.id, secondsLater(20));
	expect(await queueDueCampaigns(db, origin, minutesLater(5))).toBe(0);
	expect(await copiesOf(id)).toEqual([]);
	expect(await findCampaign(db, id)).toMatchObject({ state: "stopped" });
});

test("a message stopped on its way keeps what has not left, and says what became of each copy", async () => {
	const sessionId = await givenSession(db, { capacity: 30 });
	await givenRegistrations(db, sessionId, Array(20).fill({}));
	await emptyOutbox(db);
	const id = await draft(sessionId);
	await send(id);
	await queueDueCampaigns(db, origin, minutesLater(1));
	const { smtp, transport } = await givenMailServer();
	smtp.answer = () => (smtp.arrived.length >= 8 ? { code: 421, at: "sender" } : "accept");
	await deliverAll(db, transport, minutesLater(1));
	await stopCampaign(db, id, organizer.id, minutesLater(2));
	await deliverAll(db, (await givenMailServer()).transport, minutesLater(3));
	const statuses = (await copiesOf(id)).map(({ status }) => status);
	expect(new Set(statuses)).toEqual(new Set(["sent", "cancelled"]));
	expect(statuses.filter((status) => status === "sent")).toHaveLength(smtp.arrived.length);
});

test("who leaves before their copy does gets none", async () => {
	const sessionId = await givenSession(db);
	const person = await givenRegistration(db, sessionId);
	await emptyOutbox(db);
	const id = await draft(sessionId);
	await send(id);
	await queueDueCampaigns(db, origin, minutesLater(1));
	await cancelRegistration(db, origin, person.id, { attendee: true }, minutesLater(1));
	expect(await copiesOf(id)).toMatchObject([{ status: "cancelled" }]);
});

test("a trial goes to its writer alone, in both languages, and leads to nobody's registration", async () => {
	const sessionId = await givenSession(db);
	await givenRegistration(db, sessionId);
	await emptyOutbox(db);
	const found = (await findCampaignFacts(db, origin, await draft(sessionId)))!;
	await sendTrial(db, origin, found.facts, organizer, now);
	const { smtp, transport } = await givenMailServer();
	await deliverAll(db, transport);
	expect(smtp.recipients).toEqual([[organizer.email], [organizer.email]]);
	for (const mail of smtp.arrived) expect(`${mail.html}${mail.text}`).not.toMatch(/\{\{|ma-place|my-seat/);
});

test("whoever has just registered does not wait behind a message to many", async () => {
	const sessionId = await givenSession(db, { capacity: 100 });
	await givenRegistrations(db, sessionId, Array(40).fill({}));
	await emptyOutbox(db);
	await send(await draft(sessionId));
	await queueDueCampaigns(db, origin, secondsLater(30));
	const late = await givenRegistration(db, sessionId);
	await db
		.updateTable("email")
		.set({ dueAt: secondsLater(35) })
		.where("registrationId", "=", late.id)
		.where("campaignId", "is", null)
		.execute();
	const { smtp, transport } = await givenMailServer();
	await deliverAll(db, transport, minutesLater(1));
	const position = smtp.recipients.findIndex(([to]) => to === late.email);
	expect(position).toBeGreaterThanOrEqual(0);
	expect(position).toBeLessThan(8);
});

const many = 3_000;

test("thousands of copies are queued once by several instances, while people sign up for the same session", {
	timeout: 240_000,
}, async () => {
	const sessionId = await givenSession(db, { capacity: 50_000 });
	const [model] = await givenRegistrations(db, sessionId, [{}]);
	await copyRegistrations(model!.id, many - 1);
	const instances = Array.from({ length: 3 }, () => openDatabase({ connectionString: url }));
	for (const instance of instances) onTestFinished(instance.close);
	await Promise.all(instances.map((instance) => warmUp(instance.db)));
	const id = await draft(sessionId);
	expect(await send(id)).toEqual({ ok: true });

	const started = performance.now();
	let over = false;
	const queueing = Promise.all(
		instances.map(async (instance) => {
			let sum = 0;
			for (
				let some = -1;
				some !== 0 || (await findCampaign(instance.db, id))!.state === "sending";
				sum += some
			)
				some = await queueDueCampaigns(instance.db, origin, minutesLater(1));
			return sum;
		}),
	).finally(() => {
		over = true;
	});
	const waits: number[] = [];
	while (!over) {
		const before = performance.now();
		await givenRegistration(db, sessionId);
		waits.push(performance.now() - before);
	}
	await queueing;
	const seconds = (performance.now() - started) / 1000;
	const copies = await db
		.selectFrom("email")
		.select([
			sql<number>`count(*)::int`.as("all"),
			sql<number>`count(distinct registration_id)::int`.as("people"),
		])
		.where("campaignId", "=", id)
		.executeTakeFirstOrThrow();
	waits.sort((a, b) => a - b);
	console.log(
		`${copies.all} copies queued in ${seconds.toFixed(1)} s; ${waits.length} sign-ups meanwhile, ` +
			`median ${waits[waits.length >> 1]!.toFixed(0)} ms, longest ${waits.at(-1)!.toFixed(0)} ms`,
	);
	expect(copies.all).toBeGreaterThanOrEqual(many);
	expect(copies.people).toBe(copies.all);
	expect(waits.length).toBeGreaterThan(5);
});

/** People like one that is there, each with a booking and an address of their own. */
async function copyRegistrations(id: string, count: number): Promise<void> {
	await sql`
		with copies as materialized (
			select lpad(upper(translate(to_hex(n), 'l', 'L')), 8, '0') as reference, n || '@exemple.ca' as email,
				gen_random_uuid() as booking_id, gen_random_uuid() as id
			from generate_series(1, ${count}::int) n
		), bookings as (
			insert into booking select (jsonb_populate_record(null::booking, to_jsonb(b) || jsonb_build_object(
				'id', c.booking_id, 'key', c.booking_id, 'reference', c.reference, 'contact_email', c.email))).*
			from booking b join registration r on r.booking_id = b.id cross join copies c where r.id = ${id}
		)
		insert into registration select (jsonb_populate_record(null::registration, to_jsonb(r) || jsonb_build_object(
			'id', c.id, 'booking_id', c.booking_id, 'email', c.email, 'calendar_uid', c.id))).*
		from registration r cross join copies c where r.id = ${id}
	`.execute(db);
}
