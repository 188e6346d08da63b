import { setTimeout as pause } from "node:timers/promises";
import { sql } from "kysely";
import { renderToStaticMarkup } from "react-dom/server";
import { afterAll, afterEach, expect, onTestFinished, test, vi } from "vitest";
import { showReference } from "#app/domain/reference.ts";
import { idOfToken, tokenIsGenuine } from "#app/domain/token.server.ts";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { changeSession } from "#app/use-cases/change-session.server.ts";
import { registerTogether } from "#app/use-cases/register.server.ts";
import { sendSignInCode } from "#app/use-cases/sign-in.server.ts";
import { openDatabase } from "#db/client.server.ts";
import { newId } from "#db/id.ts";
import { countEmails, forgetOldPages, writtenOut } from "#db/queries/emails.server.ts";
import { findRegistration } from "#db/queries/registrations.server.ts";
import { type Message, manageUrlPlaceholder } from "#emails/message.ts";
import { deliverDue, outboxCounts, queueEmails, withdrawQueued } from "#emails/outbox.server.ts";
import { type Delivery, type OutgoingEmail, type Transport, transportFor } from "#emails/transport.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	aGroup,
	aMeeting,
	aSession,
	givenOrganizer,
	givenRegistrations,
	givenSession,
	minutesLater,
	now,
	origin,
	warmUp,
} from "#tests/fixtures.ts";
import {
	deliverAll,
	emailOf,
	emptyOutbox,
	givenMailServer,
	givenQueued,
	secondsLater,
	settings,
	smtpTransport,
} from "./delivery.ts";

const { db, url, drop } = await createTestDatabase();
afterEach(() => emptyOutbox(db));
afterAll(drop);

/** A transport that does as it is told, one message after the other. */
function toldTransport(deliver: (email: OutgoingEmail) => Promise<Delivery>): Transport {
	return { kind: "smtp", deliver, close() {} };
}

function aMessage(registrationId: string, changes: Partial<Message> = {}): Message {
	return {
		kind: "confirmation",
		dedupeKey: newId(),
		owner: { registrationId, tokenVersion: 1 },
		to: { name: "Zoé Roy", address: "zoe@exemple.ca" },
		locale: "fr",
		subject: "Bonjour",
		html: "<p>Bonjour</p>",
		text: "Bonjour",
		...changes,
	};
}

function queue(...messages: Message[]): Promise<void> {
	return db.transaction().execute((trx) => queueEmails(trx, messages, origin.domain, now));
}

test("what was queued arrives, and its fate is kept", async () => {
	const { smtp, transport } = await givenMailServer();
	const { id, email } = await givenQueued(db, { name: "Zoé Roy" });
	await deliverAll(db, transport, minutesLater(1));
	const kept = await emailOf(db, id);
	expect(kept).toMatchObject({
		status: "sent",
		sentAt: minutesLater(1),
		attempts: 1,
		lease: null,
		lastError: null,
		smtpResponse: expect.stringContaining("250"),
	});
	expect(smtp.recipients).toEqual([[email]]);
	const [mail] = smtp.arrived;
	expect(mail!.from?.value).toEqual([settings.from]);
	expect(mail!.to).toMatchObject({ value: [{ name: "Zoé Roy", address: email }] });
	expect(mail!.subject).toBe(kept.subject);
	expect(mail!.messageId).toBe(kept.messageId);
	expect(mail!.date).toEqual(now);
	expect(mail!.headers.get("auto-submitted")).toBe("auto-generated");
	expect(mail!.headers.get("x-auto-response-suppress")).toBe("All");
	expect(await deliverDue(db, transport, settings, minutesLater(2))).toBe(0);
});

test("the personal link is a placeholder at rest, and whole in what is sent", async () => {
	const { smtp, transport } = await givenMailServer();
	const { id } = await givenQueued(db);
	await deliverAll(db, transport);
	const kept = await emailOf(db, id);
	expect([kept.text, kept.html].map((body) => body.includes(manageUrlPlaceholder))).toEqual([true, true]);
	const [mail] = smtp.arrived;
	const link = /https:\/\/ateliers\.exemple\.ca\/ma-place\/([\w.-]+)/;
	const [address, token] = link.exec(mail!.text!)!;
	expect(mail!.html).toContain(`href="${address}"`);
	expect(idOfToken(token!)).toBe(id);
	expect(tokenIsGenuine([settings.secret], "manage", token!, id, 1)).toBe(true);
	for (const body of [mail!.text, mail!.html as string]) expect(body).not.toContain("{{");
	for (const body of [kept.text, kept.html]) expect(body).not.toContain("/ma-place/");
});

test.each([
	`Votre lien :${manageUrlPlaceholder}`,
	`<${manageUrlPlaceholder}>`,
	`lien:[${manageUrlPlaceholder}]`,
])("however an organizer writes it, the link is filled in: %s", async (text) => {
	const { smtp, transport } = await givenMailServer();
	const { id } = await givenQueued(db);
	await db.updateTable("email").set({ text }).where("registrationId", "=", id).execute();
	await deliverAll(db, transport);
	expect(smtp.arrived[0]!.text).toContain("https://ateliers.exemple.ca/ma-place/");
});

test("a name that holds a placeholder in another site's address gets nobody's link", async () => {
	const { smtp, transport } = await givenMailServer();
	await givenQueued(db, { name: `https://autre.exemple.ca/?u=${manageUrlPlaceholder}` });
	await deliverAll(db, transport);
	const [mail] = smtp.arrived;
	for (const body of [mail!.text!, mail!.html as string]) {
		expect(body).toContain(`u=${manageUrlPlaceholder}`);
		expect(body).toContain("https://ateliers.exemple.ca/ma-place/");
	}
});

test("a message written before its address was corrected does not leave: its link is for somebody else", async () => {
	const { smtp, transport } = await givenMailServer();
	const { id } = await givenQueued(db, { locale: "en" });
	await db.updateTable("registration").set({ tokenVersion: 2 }).where("id", "=", id).execute();
	await deliverAll(db, transport);
	expect(smtp.arrived).toEqual([]);
	const [email] = await db.selectFrom("email").select("status").where("registrationId", "=", id).execute();
	expect(email?.status).toBe("cancelled");
});

test("a message whose key is known is not queued a second time", async () => {
	const { id } = await givenQueued(db);
	await queue(aMessage(id, { dedupeKey: "once", subject: "first" }), aMessage(id, { dedupeKey: "once" }));
	await queue(aMessage(id, { dedupeKey: "once", subject: "later" }));
	const kept = await db.selectFrom("email").select("subject").where("dedupeKey", "=", "once").execute();
	expect(kept).toEqual([{ subject: "first" }]);
});

test("whatever a name holds, there is one recipient and no header of its own", async () => {
	const { smtp, transport } = await givenMailServer();
	const { id } = await givenQueued(db);
	await deliverAll(db, transport);
	const names = [
		"Roy, Zoé",
		'a@b.ca, "x" <y@exemple.ca>',
		"Zoé\r\nBcc: tous@exemple.ca",
		"Zoé <z@exemple.ca>",
	];
	await queue(...names.map((name) => aMessage(id, { to: { name, address: "zoe@exemple.ca" } })));
	await deliverAll(db, transport);
	expect(smtp.recipients.slice(1)).toEqual(Array(4).fill(["zoe@exemple.ca"]));
	for (const mail of smtp.arrived.slice(1)) {
		expect(mail.bcc).toBeUndefined();
		expect(mail.to).toMatchObject({ value: [{ address: "zoe@exemple.ca" }] });
	}
});

test("after a day of trying, a message is given up and shown as such", async () => {
	const { id } = await givenQueued(db);
	const later = toldTransport(async () => ({ outcome: "later", response: "451 busy", error: "EENVELOPE" }));
	await deliverAll(db, later, minutesLater(24 * 60));
	expect(await emailOf(db, id)).toMatchObject({ status: "queued" });
	await deliverAll(db, later, minutesLater(25 * 60 + 1));
	expect(await emailOf(db, id)).toMatchObject({ status: "dead", smtpResponse: "451 busy" });
});

test("an answer that no database can hold is kept as far as it can be, and its neighbours' too", async () => {
	await givenRegistrations(db, await givenSession(db), [{}, {}]);
	const deliver = async () => ({ outcome: "sent", response: "250 2.0.0 \0 queued" }) as const;
	await deliverAll(db, { kind: "smtp", deliver, close() {} });
	const answers = await db
		.selectFrom("email")
		.select("smtpResponse")
		.where("smtpResponse", "like", "%queued")
		.execute();
	expect(answers).toEqual(Array(2).fill({ smtpResponse: "250 2.0.0 \ufffd queued" }));
});

test("confirmations of one moment share their page until each is taken to be sent, by this release or the one before", async () => {
	const { smtp, transport } = await givenMailServer();
	const names = ["Zoé <b>&</b> $& 'Roy'", "Anne O\u2019Neil", "Jo"];
	const people = await givenRegistrations(db, await givenSession(db), [
		...names.map((name) => ({ name })),
		{ locale: "en" },
	]);
	const [first, second, third, alone] = await Promise.all(people.map(({ id }) => emailOf(db, id)));
	const { pageId } = first!;
	expect([second!.pageId, third!.pageId]).toEqual([pageId, pageId]);
	const page = () => db.selectFrom("emailPage").select("id").where("id", "=", pageId).executeTakeFirst();
	for (const { html, text, calendar } of [first!, second!, third!])
		expect({ html, text, calendar }).toEqual({ html: "", text: "", calendar: null });
	expect(alone).toMatchObject({ pageId: null, html: expect.stringContaining("Your seat") });

	const read = await writtenOut(db).where("pageId", "=", pageId).orderBy("email.id").execute();
	for (const [n, { html, text, calendar }] of read.entries()) {
		expect(html).toContain(renderToStaticMarkup(names[n]));
		expect(text).toContain(names[n]);
		expect(calendar).toContain(`UID:${people[n]!.calendarUid}`);
		expect(`${html}${text}`.split(showReference(people[n]!.reference))).toHaveLength(3);
	}
	await forgetOldPages(db, minutesLater(61));
	expect(await page()).toBeDefined();

	// Withdrawn it is written out, erased it is not, by a release that knows of no page.
	const left = await db.transaction().execute(async (trx) => {
		const by = (changes: object) =>
			trx
				.updateTable("email")
				.set(changes)
				.where("id", "=", third!.id)
				.returning(["html", "pageId", "words"])
				.executeTakeFirst();
		await sql`savepoint queued`.execute(trx);
		const withdrawn = await by({ status: "cancelled" });
		await sql`rollback to savepoint queued`.execute(trx);
		const erased = await by({ toAddress: "", html: "", text: "", calendar: null });
		await sql`rollback to savepoint queued`.execute(trx);
		return { withdrawn, erased };
	});
	const gone = { pageId: null, words: null };
	expect(left).toEqual({ withdrawn: { html: read[2]!.html, ...gone }, erased: { html: "", ...gone } });

	// As the release before takes it, which knows of no page.
	const taken = await db
		.updateTable("email")
		.set({ status: "sending" })
		.where("id", "=", first!.id)
		.returning(["html", "text", "calendar", "pageId", "words"])
		.executeTakeFirst();
	const { html, text, calendar } = read[0]!;
	expect(taken).toEqual({ html, text, calendar, pageId: null, words: null });
	await deliverAll(db, transport);
	expect(smtp.arrived).toHaveLength(4);
	const stored = await emailOf(db, people[1]!.id);
	expect(stored).toMatchObject({ status: "sent", html: read[1]!.html, text: read[1]!.text });
	await forgetOldPages(db, minutesLater(59));
	expect(await page()).toBeDefined();
	await forgetOldPages(db, minutesLater(61));
	expect(await page()).toBeUndefined();
});

test("several workers at once send each message once", async () => {
	const { smtp } = await givenMailServer();
	const people = await givenRegistrations(db, await givenSession(db, { capacity: 100 }), Array(60).fill({}));
	const workers = Array.from({ length: 4 }, () => openDatabase({ connectionString: url }));
	for (const worker of workers) onTestFinished(worker.close);
	await Promise.all(workers.map((worker) => warmUp(worker.db)));
	const handsOf = ({ db: through }: (typeof workers)[number]) => {
		const transport = smtpTransport(smtp.url);
		return Array.from({ length: 3 }, () => deliverAll(through, transport));
	};
	await Promise.all(workers.flatMap(handsOf));
	expect(smtp.arrived).toHaveLength(60);
	expect(new Set(smtp.arrived.map(({ messageId }) => messageId)).size).toBe(60);
	for (const { id } of people) expect(await emailOf(db, id)).toMatchObject({ status: "sent", attempts: 1 });
});

test("what a worker took before it was killed is sent by another once its lease is over", async () => {
	const { id } = await givenQueued(db);
	let taken: () => void = () => {};
	const hasTaken = new Promise<void>((resolve) => {
		taken = resolve;
	});
	void deliverDue(
		db,
		toldTransport(() => {
			taken();
			return new Promise(() => {});
		}),
		settings,
		now,
	);
	await hasTaken;
	const { smtp, transport } = await givenMailServer();
	const lease = await emailOf(db, id);
	expect(lease.status).toBe("sending");
	await deliverAll(db, transport, new Date(lease.dueAt.getTime() - 1));
	expect(smtp.arrived).toHaveLength(0);
	await deliverAll(db, transport, lease.dueAt);
	expect(smtp.arrived.map(({ messageId }) => messageId)).toEqual([lease.messageId]);
	expect(await emailOf(db, id)).toMatchObject({ status: "sent", attempts: 2 });
});

test("what a worker sends stays its own for as long as the mail server takes, and is soon free once it is killed", async () => {
	vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
	onTestFinished(() => {
		vi.useRealTimers();
	});
	const { id } = await givenQueued(db);
	const { messageId: other } = await emailOf(db, (await givenQueued(db)).id);
	let answer: (delivery: Delivery) => void = () => {};
	const slow = deliverDue(
		db,
		// Another one's trouble is not this one's.
		toldTransport(({ messageId }) =>
			messageId === other
				? Promise.reject(new Error("of the test"))
				: new Promise((resolve) => (answer = resolve)),
		),
		settings,
		now,
	);
	const failed = expect(slow).rejects.toThrow("of the test");
	const secondsOfLease = async () => ((await emailOf(db, id)).dueAt.getTime() - now.getTime()) / 1000;
	await expect.poll(secondsOfLease).toBe(30);
	for (const seconds of [10, 20, 30, 40]) {
		vi.advanceTimersByTime(10_000);
		await expect.poll(secondsOfLease).toBe(seconds + 30);
	}
	const { smtp, transport } = await givenMailServer();
	await deliverAll(db, transport, secondsLater(60));
	expect(smtp.arrived).toHaveLength(0);
	answer({ outcome: "sent", response: "250 ok" });
	await failed;
	expect(await emailOf(db, id)).toMatchObject({ status: "sent", attempts: 1 });
	expect(vi.getTimerCount()).toBe(0);
});

test("a frozen worker that wakes after its lease was taken over changes nothing", async () => {
	const { id } = await givenQueued(db);
	let wake: (delivery: Delivery) => void = () => {};
	let freeze: () => void = () => {};
	const frozen = new Promise<void>((resolve) => {
		freeze = resolve;
	});
	const asleep = deliverDue(
		db,
		toldTransport(
			() =>
				new Promise((resolve) => {
					wake = resolve;
					freeze();
				}),
		),
		settings,
		now,
	);
	await frozen;
	const { transport } = await givenMailServer();
	const leaseEnd = (await emailOf(db, id)).dueAt;
	await deliverAll(db, transport, leaseEnd);
	const sent = await emailOf(db, id);
	wake({ outcome: "refused", response: "550 no", error: "EENVELOPE" });
	await asleep;
	expect(await emailOf(db, id)).toEqual(sent);
	expect(sent.status).toBe("sent");
});

test("emails are counted by what became of them, up to where counting stops, and never a code", async () => {
	const before = new Map((await countEmails(db)).map(({ status, count }) => [status, count]));
	const ids = [];
	for (let n = 0; n < 3; n++) ids.push((await givenQueued(db)).id);
	await db.updateTable("email").set({ status: "bounced" }).where("registrationId", "=", ids[0]!).execute();
	await sendSignInCode(db, origin, (await givenOrganizer(db)).email, now);
	const after = await countEmails(db);
	const more = after.map(({ status, count }) => [status, count - (before.get(status) ?? 0)]);
	expect(Object.fromEntries(more.filter(([, count]) => count !== 0))).toEqual({ queued: 2, bounced: 1 });
	expect((await countEmails(db, 1)).every(({ count }) => count === 1)).toBe(true);
});

test("an organizer's code does not wait behind the confirmations of a rush", async () => {
	const { smtp, transport } = await givenMailServer();
	const sessionId = await givenSession(db, { capacity: 100 });
	await givenRegistrations(db, sessionId, Array(20).fill({}));
	const organizer = await givenOrganizer(db);
	await sendSignInCode(db, origin, organizer.email, secondsLater(10));
	await deliverDue(db, transport, settings, secondsLater(10));
	expect(smtp.recipients).toContainEqual([organizer.email]);
});

test("without a mail server every message is kept and counted as captured", async () => {
	const transport = transportFor({ smtpUrl: null, dkim: null });
	const { id } = await givenQueued(db);
	expect(transport.kind).toBe("capture");
	await deliverAll(db, transport);
	const kept = await emailOf(db, id);
	expect(kept).toMatchObject({ status: "captured", sentAt: now });
	expect(kept.text).toContain(manageUrlPlaceholder);
});

test("the outbox tells what waits and when it is due next", async () => {
	const { id } = await givenQueued(db);
	await queue(aMessage(id));
	expect(await outboxCounts(db)).toMatchObject({ waiting: 2 });
	await deliverAll(db, transportFor({ smtpUrl: null, dkim: null }));
	expect(await outboxCounts(db)).toMatchObject({ waiting: 0 });
});

test("what a mail server puts off while it becomes untrue does not leave later", async () => {
	const registration = await givenQueued(db);
	const subjects: string[] = [];
	let first = true;
	const transport = toldTransport(async ({ subject }) => {
		if (first) {
			first = false;
			await cancelRegistration(db, origin, registration.id, { attendee: true }, now);
			return { outcome: "later", response: "451", error: "451" };
		}
		subjects.push(subject);
		return { outcome: "sent", response: "250" };
	});
	await deliverAll(db, transport, now);
	await deliverAll(db, transport, minutesLater(5));
	expect(subjects).toHaveLength(1);
	expect(subjects[0]).toContain("Inscription annulée");
});

test.each([true, false])(
	"a date that moves while its confirmations wait sends nobody to the old day (told of it: %s)",
	async (tell) => {
		const { id: organizerId } = await givenOrganizer(db);
		const sessionId = await givenSession(db, { capacity: 30 });
		const [solo] = await givenRegistrations(db, sessionId, [{}]);
		await registerTogether(db, origin, [aGroup(sessionId, 2)], now);
		const { revision } = await db
			.selectFrom("session")
			.select("revision")
			.where("id", "=", sessionId)
			.executeTakeFirstOrThrow();
		const moved = aSession({ capacity: 30, meetings: [aMeeting("2026-12-02")] });
		const by = { organizerId, tell };
		const result = await changeSession(db, origin, { id: sessionId, revision }, moved, by, now);
		expect(result).toMatchObject({ ok: true });
		const left: OutgoingEmail[] = [];
		const transport = toldTransport(async (email) => {
			left.push(email);
			return { outcome: "sent", response: "250" };
		});
		await deliverAll(db, transport, minutesLater(1));
		const seats = left.filter(({ subject }) => subject.startsWith("Place confirmée"));
		expect(seats).toHaveLength(3);
		expect(left.filter(({ subject }) => subject.startsWith("Inscription de"))).toHaveLength(1);
		expect(left).toHaveLength(tell ? 7 : 4);
		const others = left.filter(({ subject }) => !subject.startsWith("Changement"));
		for (const { subject, text, calendar } of others) {
			expect(subject).toMatch(/2.décembre$/);
			expect(text).not.toMatch(/1er.décembre/);
			expect(calendar?.content ?? "").not.toContain("20261201");
		}
		const registration = await findRegistration(db, solo!.id);
		expect(registration?.calendarSequence).toBe(1);
		expect(seats[0]!.calendar!.content).toContain("SEQUENCE:1");
	},
);

test("a transaction that withdraws one email after the other never waits for the mail that waits for it", async () => {
	const sessionId = await givenSession(db, { capacity: 30 });
	const people = await givenRegistrations(db, sessionId, Array(8).fill({}));
	const ids = people.map(({ id }) => id).sort();
	let withdrawing: Promise<unknown> = Promise.resolve();
	let sent = 0;
	const transport = toldTransport(async () => {
		sent += 1;
		// All eight are being sent: the last to end are marked while one is held and another is asked for.
		if (sent === 8)
			withdrawing = db.transaction().execute(async (trx) => {
				await withdrawQueued(trx, ids.slice(4));
				await pause(150);
				await withdrawQueued(trx, ids.slice(0, 4));
			});
		await pause(50);
		return { outcome: "sent", response: "250" };
	});
	await Promise.all([deliverDue(db, transport, settings, now), pause(100).then(() => withdrawing)]);
	await withdrawing;
	for (const id of ids) expect((await emailOf(db, id)).status).toBe("sent");
});
