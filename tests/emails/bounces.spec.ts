import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, afterEach, expect, test } from "vitest";
import { readConfig } from "#app/config.server.ts";
import { createMetrics } from "#app/http/metrics.server.ts";
import { createSite, type SiteContext } from "#app/http/site.server.ts";
import { erasePast } from "#app/use-cases/erase-past.server.ts";
import { reactivateAddress } from "#app/use-cases/reactivate-address.server.ts";
import { recordBounce } from "#app/use-cases/record-bounce.server.ts";
import { resendEmail } from "#app/use-cases/resend-email.server.ts";
import { listSuppressions } from "#db/queries/suppressions.server.ts";
import { messagesOfMailbox, readBounce } from "#emails/bounce.ts";
import { createTestDatabase } from "#tests/database.ts";
import { givenOrganizer, givenRegistration, givenSession, minutesLater, now } from "#tests/fixtures.ts";
import { deliverAll, emailOf, emptyOutbox, givenMailServer, givenQueued } from "./delivery.ts";

const { db, drop } = await createTestDatabase();
afterEach(() => emptyOutbox(db));
afterAll(drop);

/** A report as Postfix writes it, folded lines included. */
function postfixReport(
	emailId: string,
	changes: { status?: string; action?: string; answer?: string } = {},
): string {
	const {
		status = "5.1.1",
		action = "failed",
		answer = "550 5.1.1 <zoe@exemple.ca>: Recipient\n    address rejected: User unknown",
	} = changes;
	return `Return-Path: <>
Delivered-To: retours+${emailId}@exemple.ca
Date: Mon, 23 Nov 2026 10:00:03 -0500 (EST)
From: MAILER-DAEMON@mx.exemple.ca (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: retours+${emailId}@exemple.ca
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="4X1.1764000003/mx.exemple.ca"

--4X1.1764000003/mx.exemple.ca
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.exemple.ca.

--4X1.1764000003/mx.exemple.ca
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.exemple.ca
X-Postfix-Queue-ID: 4X1
Arrival-Date: Mon, 23 Nov 2026 10:00:01 -0500 (EST)

Final-Recipient: rfc822; zoe@exemple.ca
Original-Recipient: rfc822;zoe@exemple.ca
Action: ${action}
Status: ${status}
Remote-MTA: dns; mail.exemple.ca
Diagnostic-Code: smtp; ${answer}

--4X1.1764000003/mx.exemple.ca
Content-Type: text/rfc822-headers

Message-ID: <${emailId}@ateliers.exemple.ca>
Subject: Place =?utf-8?Q?confirm=C3=A9e?=

--4X1.1764000003/mx.exemple.ca--
`;
}

/** A confirmation that was sent, as far as its server said. */
async function givenSent(email = `${randomUUID()}@exemple.ca`) {
	const { transport } = await givenMailServer();
	const registration = await givenQueued(db, { email });
	await deliverAll(db, transport);
	return { registration, email: await emailOf(db, registration.id) };
}

test("a report is read for what failed and why, whichever line ends it has", () => {
	const id = "0193a7b2-1111-7abc-8def-0123456789ab";
	const expected = {
		emailIds: [id],
		status: "5.1.1",
		answer: "550 5.1.1 <zoe@exemple.ca>: Recipient address rejected: User unknown",
	};
	expect(readBounce(postfixReport(id))).toEqual(expected);
	expect(readBounce(postfixReport(id).replaceAll("\n", "\r\n"))).toEqual(expected);
	const withoutReason = postfixReport(id).replace(/Diagnostic-Code: .*\n.*\n/, "");
	expect(readBounce(withoutReason)).toMatchObject({ status: "5.1.1", answer: "5.1.1" });
});

test("a delay, an absence from the office and a receipt are no failures", () => {
	const id = randomUUID();
	expect(readBounce(postfixReport(id, { action: "delayed", status: "4.4.1" }))).toBeNull();
	expect(readBounce(postfixReport(id, { action: "delivered", status: "2.0.0" }))).toBeNull();
	expect(
		readBounce("Subject: Absente du bureau\nAuto-Submitted: auto-replied\n\nDe retour lundi.\n"),
	).toBeNull();
});

test("an address where nothing lives is not written to again, until an organizer says so", async () => {
	const address = `${randomUUID()}@exemple.ca`;
	const { email } = await givenSent(address);
	expect(await recordBounce(db, postfixReport(email.id), now)).toBe("suppressed");
	expect(await emailOf(db, email.registrationId!)).toMatchObject({
		status: "bounced",
		smtpResponse: expect.stringContaining("User unknown"),
	});
	expect(await recordBounce(db, postfixReport(email.id), now)).toBe("suppressed");
	expect((await listSuppressions(db)).filter((one) => one.address === address)).toHaveLength(1);

	const { smtp, transport } = await givenMailServer();
	const again = await givenRegistration(db, await givenSession(db), { email: address.toUpperCase() });
	await deliverAll(db, transport);
	expect(smtp.arrived).toEqual([]);
	const kept = await emailOf(db, again.id);
	expect(kept.status).toBe("suppressed");

	const organizer = await givenOrganizer(db);
	await reactivateAddress(db, address, organizer.id, now);
	expect(await resendEmail(db, kept.id, organizer.id, now)).toEqual({ ok: true });
	await deliverAll(db, transport);
	expect(smtp.recipients.flat().map((to) => to.toLowerCase())).toEqual([address]);
});

test("a full mailbox or a refusal of the content is shown, and the address stays in use", async () => {
	for (const status of ["5.2.2", "5.7.1", "4.4.7"]) {
		const { email } = await givenSent();
		expect(await recordBounce(db, postfixReport(email.id, { status, answer: `552 ${status} no` }), now)).toBe(
			"bounced",
		);
		expect((await emailOf(db, email.registrationId!)).status).toBe("bounced");
		expect((await listSuppressions(db)).map(({ address }) => address)).not.toContain(email.toAddress);
	}
});

test("a report about nothing of ours, or about what has not left, changes nothing", async () => {
	const { id } = await givenQueued(db);
	const queued = await emailOf(db, id);
	expect(await recordBounce(db, postfixReport(queued.id), now)).toBe("unknown-message");
	expect(await emailOf(db, id)).toEqual(queued);
	expect(await recordBounce(db, postfixReport("0193a7b2-1111-7abc-8def-0123456789ab"), now)).toBe(
		"unknown-message",
	);
});

test("a server that says while it is spoken to that nobody lives there stops the address as well", async () => {
	const { smtp, transport } = await givenMailServer();
	const { id, email } = await givenQueued(db);
	smtp.refusal = "5.1.1 no such user here";
	smtp.answer = () => ({ code: 550, at: "recipient" });
	await deliverAll(db, transport);
	expect(await emailOf(db, id)).toMatchObject({ status: "dead" });
	expect(await listSuppressions(db)).toContainEqual({
		address: email,
		answer: expect.stringContaining("5.1.1"),
		emailId: (await emailOf(db, id)).id,
		createdAt: now,
	});
});

test("a mailbox file is read message by message", async () => {
	const first = await givenSent();
	const second = await givenSent();
	const from = "From MAILER-DAEMON Mon Nov 23 10:00:03 2026\n";
	const mailbox = [first, second].map(({ email }) => from + postfixReport(email.id)).join("\n");
	const messages = messagesOfMailbox(mailbox);
	expect(messages).toHaveLength(2);
	for (const message of messages) expect(await recordBounce(db, message, minutesLater(1))).toBe("suppressed");
	for (const { registration } of [first, second])
		expect((await emailOf(db, registration.id)).status).toBe("bounced");
});

test("the intake by HTTP takes a report from who holds the token, and from nobody else", async () => {
	const bounceToken = "un-jeton-que-seul-le-serveur-de-courriel-connait";
	const { email } = await givenSent();
	const intake = (environment: Record<string, string>, authorization?: string) => {
		const context = { config: readConfig({ NODE_ENV: "development", ...environment }), db } as SiteContext;
		const site = createSite(
			context,
			() => Promise.reject(new Error("no page is asked for")),
			createMetrics(new pg.Pool()),
		);
		return site.request("/mail/bounces", {
			method: "POST",
			body: postfixReport(email.id),
			headers: { "Content-Type": "message/rfc822", ...(authorization && { Authorization: authorization }) },
		});
	};
	const environment = { BOUNCE_TOKEN: bounceToken };
	expect((await intake(environment)).status).toBe(401);
	expect((await intake(environment, `Bearer ${bounceToken}x`)).status).toBe(401);
	expect((await intake({}, "Bearer ")).status).toBe(401);
	expect((await emailOf(db, email.registrationId!)).status).toBe("sent");
	const answer = await intake(environment, `Bearer ${bounceToken}`);
	expect([answer.status, await answer.json()]).toEqual([200, { outcome: "suppressed" }]);
	expect((await emailOf(db, email.registrationId!)).status).toBe("bounced");
});

test("a report that comes after its reader was erased brings no address back", async () => {
	const { id } = await emailOf(db, (await givenQueued(db)).id);
	await db.updateTable("email").set({ status: "sent" }).where("id", "=", id).execute();
	await erasePast(db, new Date("2028-12-02T07:00:00Z"));
	expect(await recordBounce(db, postfixReport(id), now)).toBe("unknown-message");
	const email = await db.selectFrom("email").selectAll().where("id", "=", id).executeTakeFirst();
	expect(email).toMatchObject({ status: "sent", toAddress: "", smtpResponse: null });
	expect(await listSuppressions(db)).toEqual([]);
});
