import { sql } from "kysely";
import { activeStatuses } from "#app/domain/registration.ts";
import { changesFor, type PlanChange, planChanges } from "#app/domain/session-change.ts";
import { changedFields, isAnnounced, sessionShape } from "#app/exports/api-shapes.ts";
import type { Db, Trx } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { type AbsentContact, listAbsentContacts } from "#db/queries/bookings.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { bookingOf, listSessionPeople, type SessionPerson } from "#db/queries/registrations.server.ts";
import {
	findSessionDetails,
	lockPlan,
	lockSession,
	type SessionDetails,
} from "#db/queries/sessions.server.ts";
import type { SessionRow } from "#db/schema.ts";
import type { EmailKind } from "#emails/message.ts";
import { queueEmails, withdrawOfSession } from "#emails/outbox.server.ts";
import { confirmations } from "#emails/templates/confirmation.tsx";
import { groupSessionChanged } from "#emails/templates/group-told.tsx";
import { sessionChanged } from "#emails/templates/session-changed.tsx";
import { fillFreedSeats } from "./fill-freed-seats.server.ts";
import { dateFacts } from "./locked-place.server.ts";
import type { MailOrigin } from "./mail-origin.ts";
import { type SessionInput, sessionColumns, writeMeetings } from "./schedule-session.server.ts";
import { type Notices, queueNotices, renderedOnce, toldBy } from "./session-notices.server.ts";
import { summarizeAgain } from "./summarize-group.server.ts";

type ChangeResult =
	| { ok: true; told: number; changes: PlanChange[] }
	| { ok: false; reason: "unknown" | "conflict" | "cancelled" };

/**
 * Changes a date if nobody else did since that revision. When the plan that people hold changes, their calendar
 * entries are one version further, and with `tell` each of them gets what changed. Room added by a larger capacity goes
 * to the people who wait; a smaller one takes no seat away. Returns how many people are told.
 */
export async function changeSession(
	db: Db,
	origin: MailOrigin,
	existing: { id: string; revision: number },
	input: SessionInput,
	by: { organizerId: string; tell: boolean },
	now: Date,
): Promise<ChangeResult> {
	return db.transaction().execute(async (trx) => {
		await lockPlan(trx, existing.id);
		const before = await findSessionDetails(trx, existing.id);
		if (!before) return { ok: false, reason: "unknown" };
		if (before.session.revision !== existing.revision) return { ok: false, reason: "conflict" };
		if (before.session.cancelledAt) return { ok: false, reason: "cancelled" };

		const changes = planChanges(planOf(before), input);
		const after = plannedDetails(before, input);
		const message = await noticeOf(trx, origin, before, after, changes, now);
		const queue = (written?: Notices) =>
			queueNotices(trx, origin.domain, before.session.id, message, now, written);
		const tells = by.tell && changes.length > 0;
		const written = tells ? await queue() : new Map();
		const facts = { ...origin, ...after, firm: await findFirm(trx) };
		const groupMessage = renderedOnce(({ names, ...booking }: AbsentContact) =>
			groupSessionChanged({ ...facts, booking, names }, before, changes),
		);
		// The link to join is for those who come.
		const tellsGroups = tells && changesFor(changes, "waitlisted").length > 0;
		if (tellsGroups) for (const group of await listAbsentContacts(trx, existing.id)) groupMessage(group);

		const locked = await lockSession(trx, existing.id);
		const notices = tells ? await queue(written) : written;
		if (changes.length > 0) await raiseSequences(trx, existing.id);
		const session = await trx
			.updateTable("session")
			.set({
				...sessionColumns(input),
				tentative: staysTentative(locked ?? before.session, input.minimum, locked?.seatsTaken ?? 0),
				publishedAt: input.published ? (before.session.publishedAt ?? now) : null,
				updatedAt: now,
				revision: before.session.revision + 1,
				scheduleRevision: before.session.scheduleRevision + (changes.includes("when") ? 1 : 0),
			})
			.where("id", "=", existing.id)
			.returningAll()
			.executeTakeFirstOrThrow();
		await writeMeetings(trx, existing.id, input);
		if (changes.length > 0) await writeAgain(trx, origin, session, now);
		if (tellsGroups) {
			const groups = (await listAbsentContacts(trx, existing.id)).map(groupMessage);
			await queueEmails(trx, groups, origin.domain, now);
		}
		const told = toldBy(notices);
		const shape = (facts: SessionDetails) => sessionShape(facts, origin.publicUrl, now);
		const [was, is] = [
			{ ...before, session: locked ?? before.session },
			{ ...after, session },
		];
		const announced = isAnnounced(is);
		await recordAudit(
			trx,
			[
				{
					actor: "organizer",
					organizerId: by.organizerId,
					action: "session.changed",
					workshopId: session.workshopId,
					sessionId: session.id,
					data: {
						capacity: input.capacity,
						moved: changes.includes("when"),
						changes,
						told,
						fields: changedFields(shape(was), shape(is)),
						...(announced !== isAnnounced(was) && { announced }),
					},
				},
			],
			now,
		);
		await fillFreedSeats(trx, origin, session, now);
		return { ok: true, told, changes };
	});
}

/** What people were told stays: a minimum that comes later makes a date tentative only where it is not reached. */
function staysTentative(before: SessionRow, minimum: number, seatsTaken: number): boolean {
	return before.tentative || (before.minimum === 0 && minimum > seatsTaken);
}

function planOf({ session, meetings }: SessionDetails) {
	return { ...session, meetings };
}

/** The session as it will be, for the messages that are written before it is. */
function plannedDetails(before: SessionDetails, input: SessionInput): SessionDetails {
	return {
		...before,
		session: { ...before.session, ...sessionColumns(input) },
		meetings: input.meetings.map((meeting, index) => ({
			...meeting,
			id: before.meetings[index]?.id ?? "",
			sessionId: before.session.id,
			position: index + 1,
			zone: input.zone,
		})),
	};
}

async function noticeOf(
	trx: Trx,
	origin: MailOrigin,
	before: SessionDetails,
	after: SessionDetails,
	changes: PlanChange[],
	now: Date,
) {
	const context = { ...origin, ...after, firm: await findFirm(trx) };
	return (person: SessionPerson) => {
		const theirs = changesFor(changes, person.status);
		if (theirs.length === 0) return null;
		const registration = { ...person, calendarSequence: person.calendarSequence + 1 };
		return sessionChanged(
			{ ...context, booking: bookingOf(person), registration },
			person.status,
			before,
			theirs,
			now,
		);
	};
}

/**
 * What was to leave with the plan as it was is written again as it is now: a confirmation that a mail server keeps waiting would
 * send people to the wrong day. Reminders are left to the scheduler, under a key that is free again.
 */
async function writeAgain(trx: Trx, origin: MailOrigin, session: SessionRow, now: Date): Promise<void> {
	const withdrawn = await withdrawOfSession(trx, session.id, "in", [
		...tellsSeat,
		"reminder",
		"group-booked",
	]);
	const reminders = withdrawn.filter(({ kind }) => kind === "reminder").map(({ id }) => id);
	if (reminders.length > 0)
		await trx
			.updateTable("email")
			.set({ dedupeKey: sql`dedupe_key || ' withdrawn ' || id` })
			.where(sql<boolean>`id = any(${reminders}::uuid[])`)
			.execute();
	const seats: readonly string[] = tellsSeat;
	const ids = new Set(
		withdrawn.flatMap(({ kind, registrationId }) => (seats.includes(kind) ? registrationId : [])),
	);
	const people = (await listSessionPeople(trx, session.id)).filter(({ id }) => ids.has(id));
	const facts = await dateFacts(trx, origin, session);
	const confirm = confirmations(now);
	const messages = people
		.filter(({ status }) => status === "confirmed")
		.map((person) => confirm({ ...facts, booking: bookingOf(person), registration: person }));
	await queueEmails(trx, messages, origin.domain, now);
	const groups = new Set(withdrawn.flatMap(({ bookingId }) => bookingId ?? []));
	for (const id of groups)
		await summarizeAgain(trx, origin, id, `${session.id}:${session.revision}`, now, facts);
}

/** The emails that say that somebody has a seat, with all there is to know about the date. */
const tellsSeat = [
	"confirmation",
	"seated",
	"switched",
	"received-seat",
	"session-confirmed",
] satisfies EmailKind[];

/** Every calendar entry of the session is one version further (RFC 5545 §3.8.7.4), told or not. */
export async function raiseSequences(trx: Trx, sessionId: string): Promise<void> {
	await trx
		.updateTable("registration")
		.set((eb) => ({ calendarSequence: eb("calendarSequence", "+", 1) }))
		.where("sessionId", "=", sessionId)
		.where("status", "in", activeStatuses)
		.execute();
}
