import { randomBytes } from "node:crypto";
import {
	type AttestationText,
	attestationDifferences,
	endsProof,
	isPrintable,
	minutesOf,
	type NoDraft,
	participationOf,
	serialFromBytes,
} from "#app/domain/attestation.ts";
import { textIn } from "#app/domain/workshop.ts";
import { dictionary } from "#app/i18n/translate.ts";
import type { Db, Trx } from "#db/client.server.ts";
import { newId } from "#db/id.ts";
import {
	findInForce,
	findParticipant,
	isUnderWay,
	type Participant,
} from "#db/queries/attestations.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { bookingOf, findRegistration } from "#db/queries/registrations.server.ts";
import { findSessionDetails, type SessionDetails } from "#db/queries/sessions.server.ts";
import type { Attestation, Firm } from "#db/schema.ts";
import { queueEmails, withdraw } from "#emails/outbox.server.ts";
import { attestationEmail } from "#emails/templates/attestation.tsx";
import { dateFacts } from "./locked-place.server.ts";
import type { MailOrigin } from "./mail-origin.ts";

/** What the attestation of a participant would say now. */
export type Draft = { ok: true; text: AttestationText } | { ok: false; reason: NoDraft };

export function draftAttestation(
	person: Participant,
	{ session, workshop, meetings }: SessionDetails,
	firm: Firm,
): Draft {
	const { locale, name, organization } = person;
	if (!person.isSeated) return { ok: false, reason: "gone" };
	const participation = participationOf(meetings, person.seen, session.breakMinutes);
	if (!participation.ok) return participation;
	if (!isPrintable(name)) return { ok: false, reason: "unprintable" };
	return {
		ok: true,
		text: {
			locale,
			name,
			organization,
			title: textIn(workshop, "title", locale).text,
			object: textIn(workshop, "summary", locale).text,
			trainer: workshop.trainer,
			place: session.online ? dictionary(locale).online : session.place,
			zone: session.zone,
			meetings: participation.meetings,
			firmName: firm.name,
			accreditationNumber: firm.accreditationNumber,
		},
	};
}

/**
 * Issues somebody's attestation of a session that is over, and sends it. Where one is in force and says the same, it is sent
 * again, unless it is still to leave; where it says something else, a new one takes its place, under a number of its own. Of
 * whoever turns out to have been absent, or has no seat any more, it is taken back. Done twice at the same instant, it is done
 * once. Returns whether anything could be done.
 */
export async function issueAttestation(
	db: Db,
	origin: MailOrigin,
	{ registrationId, sessionId }: { registrationId: string; sessionId: string },
	organizerId: string,
	now: Date,
): Promise<boolean> {
	return db.transaction().execute(async (trx) => {
		// What changes a place, a name or who was seen waits, or is waited for.
		await trx
			.selectFrom("registration")
			.select("id")
			.where("id", "=", registrationId)
			.forNoKeyUpdate()
			.execute();
		const details = await findSessionDetails(trx, sessionId);
		const place = await findRegistration(trx, registrationId);
		const person = await findParticipant(trx, sessionId, registrationId);
		if (!details || !place || !person || now < details.session.endsAt) return false;
		const facts = await dateFacts(trx, origin, details.session);
		const draft = draftAttestation(person, facts, facts.firm);
		const inForce = (await findInForce(trx, sessionId, [registrationId])).get(registrationId);
		const record = (action: "attestation.issued" | "attestation.sent" | "attestation.ended", id: string) =>
			recordAudit(
				trx,
				[
					{
						actor: "organizer",
						organizerId,
						action,
						sessionId,
						bookingId: place.bookingId,
						registrationId,
						data: { attestation: id },
					},
				],
				now,
			);

		if (!draft.ok) {
			if (!inForce || !endsProof(draft.reason)) return false;
			await endAttestation(trx, inForce, now);
			await record("attestation.ended", inForce.id);
			return true;
		}
		const same = inForce && attestationDifferences(inForce, draft.text).length === 0;
		if (same && (await isUnderWay(trx, inForce))) return true;
		if (inForce && !same) await endAttestation(trx, inForce, now);
		const id = same ? inForce.id : newId();
		const row = { id, registrationId, sessionId, issuedBy: organizerId };
		if (!same) await insertAttestation(trx, row, draft.text, now);
		await record(same ? "attestation.sent" : "attestation.issued", id);
		const message = attestationEmail(
			{ ...facts, booking: bookingOf(place), registration: place },
			{ id, minutes: minutesOf(draft.text) },
			now,
		);
		await queueEmails(trx, [message], origin.domain, now);
		return true;
	});
}

async function insertAttestation(
	trx: Trx,
	row: Pick<Attestation, "id" | "registrationId" | "sessionId" | "issuedBy">,
	{ meetings, ...text }: AttestationText,
	now: Date,
): Promise<void> {
	await trx
		.insertInto("attestation")
		.values({
			...row,
			...text,
			meetings: JSON.stringify(meetings),
			serial: serialFromBytes(randomBytes(10)),
			issuedAt: now,
			endedAt: null,
		})
		.execute();
}

/** It is no longer in force; an email that still holds it does not leave. */
async function endAttestation(trx: Trx, { id, registrationId }: Attestation, now: Date): Promise<void> {
	await trx.updateTable("attestation").set({ endedAt: now }).where("id", "=", id).execute();
	await withdraw(trx, (eb) =>
		eb.and([eb("registrationId", "=", registrationId), eb("kind", "=", "attestation")]),
	);
}
