import { sql } from "kysely";
import { foldText } from "#app/domain/name.ts";
import type { AnswerValue } from "#app/domain/question.ts";
import { parseReference } from "#app/domain/reference.ts";
import { activeStatuses } from "#app/domain/registration.ts";
import type { Db, Trx } from "../client.server.ts";
import type { Booking, Registration } from "../schema.ts";
import { findAnswers } from "./questions.server.ts";

/** A registration with what its booking says of it: the reference, and whom to write to when it has no address. */
export type PlaceRow = Registration & Pick<Booking, "reference" | "contactName" | "contactEmail">;

/** The booking's side of a place, as an email wants it. */
export function bookingOf(place: PlaceRow) {
	const { bookingId: id, reference, contactName, contactEmail } = place;
	return { id, reference, contactName, contactEmail };
}

/** The registrations of a session that hold or wait for a seat under one of these addresses, whatever the case. */
export async function findActiveByEmail(trx: Trx, sessionId: string, emails: string[]): Promise<PlaceRow[]> {
	if (emails.length === 0) return [];
	return places(trx)
		.where("registration.sessionId", "=", sessionId)
		.where("registration.status", "in", activeStatuses)
		.where(
			sql<string>`lower(registration.email)`,
			"in",
			emails.map((email) => email.toLowerCase()),
		)
		.execute();
}

export async function findRegistration(db: Db | Trx, id: string): Promise<PlaceRow | undefined> {
	return places(db).where("registration.id", "=", id).executeTakeFirst();
}

/** The people who stand in these places in line, in the order in which they were signed up. */
export async function findPeopleInLine(trx: Trx, entryIds: string[]): Promise<PlaceRow[]> {
	if (entryIds.length === 0) return [];
	return places(trx)
		.where("registration.entryId", "in", entryIds)
		.orderBy("registration.bookingId")
		.orderBy("registration.position")
		.execute();
}

/** Every upcoming place that an address holds or waits for, soonest first: ten at most. */
export async function findPlacesOfAddress(db: Db, email: string, now: Date): Promise<PlaceRow[]> {
	return places(db)
		.innerJoin("session", "session.id", "registration.sessionId")
		.where(sql<string>`lower(registration.email)`, "=", email.toLowerCase())
		.where("registration.status", "in", activeStatuses)
		.where("session.endsAt", ">", now)
		.orderBy("session.startsAt")
		.limit(10)
		.execute();
}

function places(db: Db | Trx) {
	return db
		.selectFrom("registration")
		.innerJoin("booking", "booking.id", "registration.bookingId")
		.selectAll("registration")
		.select(["booking.reference", "booking.contactName", "booking.contactEmail"]);
}

/** What the search of an attendee list looks through. */
export function searchTextOf(person: { name: string; email: string | null; organization: string }): string {
	return foldText(`${person.name} ${person.email ?? ""} ${person.organization}`);
}

export type AttendeeTab = "confirmed" | "waitlisted" | "cancelled";

/** The tabs' counts; offered seats count as confirmed ones. */
export async function countAttendees(db: Db, sessionId: string): Promise<Record<AttendeeTab, number>> {
	const rows = await db
		.selectFrom("registration")
		.select(["status", sql<number>`count(*)::int`.as("count")])
		.where("sessionId", "=", sessionId)
		.groupBy("status")
		.execute();
	const of = (status: string) => rows.find((row) => row.status === status)?.count ?? 0;
	return {
		confirmed: of("confirmed") + of("offered"),
		waitlisted: of("waitlisted"),
		cancelled: of("cancelled"),
	};
}

/** Seats that were taken in the seven days before `now` and still are. */
export async function countNewThisWeek(db: Db, sessionId: string, now: Date): Promise<number> {
	const { count } = await db
		.selectFrom("registration")
		.select(sql<number>`count(*)::int`.as("count"))
		.where("sessionId", "=", sessionId)
		.where("status", "in", ["confirmed", "offered"])
		.where("createdAt", ">", new Date(now.getTime() - 7 * 24 * 3600 * 1000))
		.executeTakeFirstOrThrow();
	return count;
}

export type AttendeeFilter = { sessionId: string; tab: AttendeeTab; search: string };

export const attendeesPerPage = 100;

/** One page of a session's list, sorted by name; the waitlist by its order. `page` counts from 1. */
export async function listAttendees(db: Db, filter: AttendeeFilter, page: number) {
	const query = attendees(db, filter);
	const [rows, total] = await Promise.all([
		inOrder(query, filter.tab)
			.limit(attendeesPerPage)
			.offset((page - 1) * attendeesPerPage)
			.execute(),
		query.clearSelect().select(sql<number>`count(*)::int`.as("count")).executeTakeFirstOrThrow(),
	]);
	return { rows, total: total.count };
}

const noAnswers: ReadonlyMap<string, AnswerValue> = new Map();

/** The whole list with everyone's answers by question, a batch at a time, so that an export holds little of it in memory. */
export async function* streamAttendees(
	db: Db,
	filter: Omit<AttendeeFilter, "tab"> & { tab: AttendeeTab | "all" },
) {
	const batch = 1000;
	let after: { sortName: string; id: string } | null = null;
	for (;;) {
		let query = attendees(db, filter)
			.orderBy("registration.sortName")
			.orderBy("registration.id")
			.limit(batch);
		if (after) {
			query = query.where(
				sql<boolean>`(registration.sort_name, registration.id) > (${after.sortName}, ${after.id}::uuid)`,
			);
		}
		const rows: Awaited<ReturnType<typeof query.execute>> = await query.execute();
		const answers = await findAnswers(
			db,
			rows.map(({ id }) => id),
		);
		for (const row of rows) yield { ...row, answers: answers.get(row.id) ?? noAnswers };
		const last = rows.at(-1);
		if (!last || rows.length < batch) return;
		after = { sortName: last.sortName, id: last.id };
	}
}

function attendees(db: Db, filter: { sessionId: string; tab: AttendeeTab | "all"; search: string }) {
	let query = db
		.selectFrom("registration")
		.innerJoin("booking", "booking.id", "registration.bookingId")
		.leftJoin("waitlistEntry", "waitlistEntry.id", "registration.entryId")
		.selectAll("registration")
		.select([
			"booking.reference",
			"booking.contactName",
			"booking.contactEmail",
			"waitlistEntry.seq as waitlistSeq",
		])
		.where("registration.sessionId", "=", filter.sessionId)
		.where("registration.status", "<>", "repeated");
	if (filter.tab === "confirmed") query = query.where("registration.status", "in", ["confirmed", "offered"]);
	else if (filter.tab !== "all") query = query.where("registration.status", "=", filter.tab);
	// Each word may stand anywhere: « tremblay noe » finds « Noé Côté-Tremblay ». A reference finds its whole booking.
	const words = foldText(filter.search).split(/\s+/).filter(Boolean).slice(0, 8);
	if (words.length > 0) {
		query = query.where((eb) =>
			eb.or([
				eb("booking.reference", "=", parseReference(filter.search) ?? ""),
				eb.and(
					words.map((word) => eb("registration.searchText", "like", `%${word.replace(/[\\%_]/g, "\\$&")}%`)),
				),
			]),
		);
	}
	return query;
}

function inOrder(query: ReturnType<typeof attendees>, tab: AttendeeTab) {
	if (tab === "waitlisted")
		return query.orderBy("waitlistEntry.seq").orderBy("registration.position").orderBy("registration.id");
	if (tab === "cancelled")
		return query.orderBy("registration.cancelledAt", "desc").orderBy("registration.id");
	return query.orderBy("registration.sortName").orderBy("registration.id");
}
