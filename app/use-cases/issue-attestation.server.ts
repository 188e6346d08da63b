import { randomBytes } from "node:crypto";
import {
	type AttestationText,
	attestationDifferences,
	minutesOf,
	type Participation,
	participationOf,
	serialFromBytes,
} from "#app/domain/attestation.ts";
import { textIn } from "#app/domain/workshop.ts";
import { dictionary } from "#app/i18n/translate.ts";
import type { Db, Trx } from "#db/client.server.ts";
import { newId } from "#db/id.ts";
import { findInForce, findParticipant, type Participant } from "#db/queries/attestations.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { bookingOf } from "#db/queries/registrations.server.ts";
import type { SessionDetails } from "#db/queries/sessions.server.ts";
import type { Attestation, Firm } from "#db/schema.ts";
import { queueEmails, withdraw } from "#emails/outbox.server.ts";
import { attestationEmail } from "#emails/templates/attestation.tsx";
import { dateFacts, withLockedPlace } from "./locked-place.server.ts";
import type { MailOrigin } from "./mail-origin.ts";

/** What the attestation of a participant would say now; or why there is none. */
export type Draft =
	| { ok: true; text: AttestationText }
	| { ok: false; reason: Extract<Participation, { ok: false }>["reason"] };

export function draftAttestation(
	person: Participant,
	{ session, workshop, meetings }: SessionDetails,
	firm: Firm,
): Draft {
	const participation = participationOf(meetings, person.seen, session.breakMinutes);
	if (!participation.ok) return participation;
	const { locale, name, organization } = person;
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
 * again; where it says something else, a new one takes its place, under a number of its own. Of somebody who turns out to have been
 * absent it is taken back. Done twice at the same instant, it is done once. Returns whether anything could be done.
 */
export async function issueAttestation(
	db: Db,
	origin: MailOrigin,
	registrationId: string,
	organizerId: string,
	now: Date,
): Promise<boolean> {
	const result = await withLockedPlace(db, registrationId, async (trx, place, session) => {
		if (now < session.endsAt) return { ok: false };
		const facts = await dateFacts(trx, origin, session);
		const person = await findParticipant(trx, session.id, registrationId);
		if (!person) return { ok: false };
		const draft = draftAttestation(person, facts, facts.firm);
		const inForce = (await findInForce(trx, [registrationId])).get(registrationId);
		const record = (action: "attestation.issued" | "attestation.sent" | "attestation.ended", id: string) =>
			recordAudit(
				trx,
				[
					{
						actor: "organizer",
						organizerId,
						action,
						sessionId: session.id,
						bookingId: place.bookingId,
						registrationId,
						data: { attestation: id },
					},
				],
				now,
			);

		if (!draft.ok) {
			if (draft.reason !== "absent" || !inForce) return { ok: false };
			await endAttestation(trx, inForce, now);
			await record("attestation.ended", inForce.id);
			return { ok: true };
		}
		const same = inForce && attestationDifferences(inForce, draft.text).length === 0;
		if (inForce && !same) await endAttestation(trx, inForce, now);
		const id = same ? inForce.id : newId();
		if (!same) await insertAttestation(trx, { id, registrationId, issuedBy: organizerId }, draft.text, now);
		await record(same ? "attestation.sent" : "attestation.issued", id);
		const message = attestationEmail(
			{ ...facts, booking: bookingOf(place), registration: place },
			{ id, minutes: minutesOf(draft.text) },
			now,
		);
		await queueEmails(trx, [message], origin.domain, now);
		return { ok: true };
	});
	return result.ok;
}

async function insertAttestation(
	trx: Trx,
	row: Pick<Attestation, "id" | "registrationId" | "issuedBy">,
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
