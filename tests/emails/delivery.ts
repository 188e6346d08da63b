import { onTestFinished } from "vitest";
import type { Config } from "#app/config.server.ts";
import type { Db } from "#db/client.server.ts";
import { type DeliverySettings, deliverDue } from "#emails/outbox.server.ts";
import { type Transport, transportFor } from "#emails/transport.server.ts";
import { givenRegistration, givenSession, minutesLater, now, origin, type Solo } from "#tests/fixtures.ts";
import { type Answer, startSmtp } from "./smtp.ts";

export const settings: DeliverySettings = {
	publicUrl: origin.publicUrl,
	secret: "un secret d’au moins trente-deux caractères",
	from: { name: "Formation Exemple", address: "inscriptions@exemple.ca" },
	bounceAddress: "retours@exemple.ca",
};

type TransportOptions = Partial<Pick<Config, "dkim" | "smtpPerSecond">>;

/** A mail server that gives this answer for as long as it is not changed, and a transport that sends to it. */
export async function givenMailServer(answer: Answer = "accept") {
	const smtp = await startSmtp();
	onTestFinished(() => smtp.close());
	smtp.answer = () => answer;
	return { smtp, transport: smtpTransport(smtp.url) };
}

export function smtpTransport(smtpUrl: string, config: TransportOptions = {}, timeout?: number): Transport {
	const transport = transportFor({ smtpUrl, dkim: null, ...config }, timeout);
	onTestFinished(() => transport.close());
	return transport;
}

/** Sends all that is due, as the worker does. */
export async function deliverAll(db: Db, transport: Transport, at = now): Promise<void> {
	while ((await deliverDue(db, transport, settings, at)) > 0);
}

/** Somebody who has just registered, and whose confirmation waits to be sent. */
export async function givenQueued(db: Db, changes: Solo = {}) {
	return givenRegistration(db, await givenSession(db), changes);
}

/** The one email to a registration. */
export async function emailOf(db: Db, registrationId: string) {
	return db
		.selectFrom("email")
		.selectAll()
		.where("registrationId", "=", registrationId)
		.executeTakeFirstOrThrow();
}

/** Takes out of the outbox what a test left there: it is not for the next one to deliver. */
export async function emptyOutbox(db: Db): Promise<void> {
	await db
		.updateTable("email")
		.set({ status: "cancelled" })
		.where("status", "in", ["queued", "sending"])
		.execute();
}

export function secondsLater(seconds: number): Date {
	return minutesLater(seconds / 60);
}
