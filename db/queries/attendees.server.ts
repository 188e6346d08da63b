import { type ExpressionBuilder, expressionBuilder, type SelectQueryBuilder, sql } from "kysely";
import type { Locale } from "#app/domain/locale.ts";
import { wordsTyped } from "#app/domain/name.ts";
import type { AnswerValue } from "#app/domain/question.ts";
import { parseReference } from "#app/domain/reference.ts";
import { seatedStatuses } from "#app/domain/registration.ts";
import type { TaxNumbers } from "#app/domain/taxes.ts";
import type { Db, Trx } from "../client.server.ts";
import type { Database, Registration, SessionRow } from "../schema.ts";
import { countAttendance, findAttended } from "./attendance.server.ts";
import { type InvoiceFacts, invoiceFacts, invoiceOf } from "./invoices.server.ts";
import { findAnswers } from "./questions.server.ts";
import { beginsAsTyped, contains } from "./search.server.ts";

export type AttendeeTab = "confirmed" | "waitlisted" | "cancelled" | "present" | "absent";

/** The tabs' counts; offered seats count as confirmed ones. */
export async function countAttendees(
	db: Db,
	session: Pick<SessionRow, "id" | "seatsTaken" | "seatsWaiting">,
): Promise<Record<AttendeeTab, number>> {
	const [cancelled, attendance] = await Promise.all([
		db
			.selectFrom("registration")
			.select(sql<number>`count(*)::int`.as("count"))
			.where("sessionId", "=", session.id)
			.where("status", "=", "cancelled")
			.executeTakeFirstOrThrow(),
		countAttendance(db, session.id),
	]);
	return {
		confirmed: session.seatsTaken,
		waitlisted: session.seatsWaiting,
		cancelled: cancelled.count,
		...attendance,
	};
}

/** That the seat of a `registration`, by its own name in the query, was taken in the seven days before `now` and still is. */
export function newThisWeek(now: Date) {
	const weekAgo = new Date(now.getTime() - 7 * 24 * 3600 * 1000);
	const eb = expressionBuilder<Database, "registration">();
	return eb.and([
		eb("registration.status", "in", seatedStatuses),
		eb("registration.createdAt", ">", weekAgo),
	]);
}

/** How many such seats a session has. */
export async function countNewThisWeek(db: Db, sessionId: string, now: Date): Promise<number> {
	const { count } = await db
		.selectFrom("registration")
		.select(sql<number>`count(*)::int`.as("count"))
		.where("sessionId", "=", sessionId)
		.where(newThisWeek(now))
		.executeTakeFirstOrThrow();
	return count;
}

export type AttendeeSort = "name" | "date" | "organization";

export type AttendeeFilter = {
	sessionId: string;
	tab: AttendeeTab | "all";
	search: string;
	sort?: AttendeeSort;
	language?: Locale;
	/** Only people who have a note, or who have no address of their own. */
	only?: "note" | "no-email";
	/** Only these registrations. */
	ids?: string[];
	/** Searches as across the sessions: by the beginning of words rather than anywhere in them. */
	byWord?: boolean;
};

export const attendeesPerPage = 100;

/**
 * One page of a session's list: sorted as asked, the waitlist in its order, cancellations latest first. `page` counts
 * from 1; past the last one there is nobody. The page's people are chosen before anything else is read about them, so
 * that a late page costs little more than the first.
 */
export async function listAttendees(db: Db, filter: AttendeeFilter, page: number) {
	const matching = await attendees(db, filter);
	const rows = await db
		.with("chosen", () =>
			inOrder(matching.select("registration.id"), filter)
				.limit(attendeesPerPage + 1)
				.offset((page - 1) * attendeesPerPage),
		)
		.selectFrom("chosen")
		.innerJoin("registration", "registration.id", "chosen.id")
		.innerJoin("booking", "booking.id", "registration.bookingId")
		.selectAll("registration")
		.select(["booking.reference", "booking.contactName", "booking.contactEmail"])
		.$call((query) => inOrder(query, filter))
		.execute();
	return { rows: rows.slice(0, attendeesPerPage), more: rows.length > attendeesPerPage };
}

/**
 * The whole list by name, a batch at a time, so that an export holds little of it. `wanted` says what is read beside: the
 * answers by question, whether people came and the proof of it, and what they owe to a firm with these numbers.
 */
export async function* streamAttendees(db: Db, filter: AttendeeFilter, wanted: Wanted) {
	const batch = 500;
	const matching = await attendees(db, filter);
	const next = async (after: { sortName: string; id: string } | null) => {
		let query = matching
			.innerJoin("booking", "booking.id", "registration.bookingId")
			.select(exportedColumns)
			.$if(wanted.invoices !== null, (qb) => qb.select(invoiceFacts.as("invoiceFacts")))
			.orderBy("registration.sortName")
			.orderBy("registration.id")
			.limit(batch);
		if (after) {
			query = query.where(
				sql<boolean>`(registration.sort_name, registration.id) > (${after.sortName}, ${after.id}::uuid)`,
			);
		}
		return withDetails(db, await query.execute(), wanted);
	};
	let coming: ReturnType<typeof next> | null = next(null);
	while (coming) {
		const rows: Awaited<ReturnType<typeof next>> = await coming;
		const last = rows.at(-1);
		// The next batch is read while this one is written. A failure waits until it is asked for.
		coming = last && rows.length === batch ? next(last) : null;
		coming?.catch(() => {});
		yield rows;
	}
}

type Wanted = { answers: boolean; attended: boolean; invoices: TaxNumbers | null };

export type ExportedPerson =
	ReturnType<typeof streamAttendees> extends AsyncGenerator<(infer Person)[]> ? Person : never;

async function withDetails<Row extends Pick<Registration, "id" | "status"> & { invoiceFacts?: InvoiceFacts }>(
	db: Db,
	rows: Row[],
	wanted: Wanted,
) {
	const ids = rows.map(({ id }) => id);
	const [answers, attended] = await Promise.all([
		wanted.answers ? findAnswers(db, ids) : null,
		wanted.attended ? findAttended(db, ids) : null,
	]);
	const { invoices } = wanted;
	return rows.map((row) =>
		Object.assign(row, {
			answers: answers?.get(row.id) ?? noAnswers,
			attended: attended?.get(row.id) ?? null,
			invoice: invoices && row.invoiceFacts ? invoiceOf(row.invoiceFacts, row.status, invoices) : null,
		}),
	);
}

export const noAnswers: ReadonlyMap<string, AnswerValue> = new Map();

export const exportedColumns = [
	"registration.id",
	"registration.position",
	"registration.name",
	"registration.sortName",
	"registration.email",
	"registration.organization",
	"registration.phone",
	"registration.locale",
	"registration.status",
	"registration.createdAt",
	"registration.cancelledAt",
	"registration.shownAs",
	"registration.note",
	"booking.reference",
	"booking.contactName",
	"booking.contactEmail",
] as const;

/** The registrations that a view of a session's list shows, unordered. */
export async function attendees(db: Db | Trx, filter: AttendeeFilter) {
	let query = db
		.selectFrom("registration")
		.where("registration.sessionId", "=", filter.sessionId)
		.where("registration.status", "<>", "repeated");
	if (filter.tab === "confirmed") query = query.where("registration.status", "in", seatedStatuses);
	else if (filter.tab === "present") query = query.where("registration.status", "=", "confirmed").where(came);
	else if (filter.tab === "absent") {
		query = query
			.where("registration.status", "=", "confirmed")
			.where(wasLookedFor)
			.where((eb) => eb.not(came));
	} else if (filter.tab !== "all") query = query.where("registration.status", "=", filter.tab);
	if (filter.language) query = query.where("registration.locale", "=", filter.language);
	if (filter.only === "note") query = query.where("registration.note", "<>", "");
	if (filter.only === "no-email") query = query.where("registration.email", "is", null);
	if (filter.ids) query = query.where(sql<boolean>`registration.id = any(${filter.ids}::uuid[])`);
	const named = await namedExactly(db, filter.search, filter.byWord ? undefined : filter.sessionId);
	if (named) return query.where(named);
	if (filter.byWord) {
		const matches = beginsAsTyped(filter.search);
		return matches ? query.where(matches) : query;
	}
	// Each word may stand anywhere: « tremblay noe » finds « Noé Côté-Tremblay ».
	for (const word of wordsTyped(filter.search)) {
		query = query.where(contains(sql`registration.search_text`, word));
	}
	return query;
}

/** That something was recorded of somebody at a meeting of their session, and that they came to one. */
const wasLookedFor = sql<boolean>`exists (
	select from attendance join meeting on meeting.id = attendance.meeting_id
	where attendance.registration_id = registration.id and meeting.session_id = registration.session_id
)`;
const came = sql<boolean>`exists (
	select from attendance join meeting on meeting.id = attendance.meeting_id
	where attendance.registration_id = registration.id and meeting.session_id = registration.session_id
	and attendance.status <> 'absent'
)`;

/**
 * A reference that was typed names a whole booking, and an address whoever has it, in one session or in any. One that nobody
 * has there may still be a name, « Tremblay », or a part of an address.
 */
async function namedExactly(db: Db | Trx, typed: string, sessionId?: string) {
	const reference = parseReference(typed);
	if (reference) {
		const booking = await db
			.selectFrom("booking")
			.select("id")
			.where("reference", "=", reference)
			.executeTakeFirst();
		return booking && sql<boolean>`registration.booking_id = ${booking.id}`;
	}
	if (!typed.includes("@")) return undefined;
	const hasAddress = sql<boolean>`lower(registration.email) = ${typed.trim().toLowerCase()}`;
	let somebody = db.selectFrom("registration").select("id").where(hasAddress);
	if (sessionId) somebody = somebody.where("sessionId", "=", sessionId);
	return (await somebody.limit(1).executeTakeFirst()) && hasAddress;
}

function inOrder<O>(
	query: SelectQueryBuilder<Database, "registration", O>,
	{ tab, sort = "name" }: AttendeeFilter,
): SelectQueryBuilder<Database, "registration", O> {
	if (tab === "waitlisted") {
		const rank = (eb: ExpressionBuilder<Database, "registration">) =>
			eb
				.selectFrom("waitlistEntry")
				.select("waitlistEntry.seq")
				.whereRef("waitlistEntry.id", "=", "registration.entryId");
		return query.orderBy(rank).orderBy("registration.position").orderBy("registration.id");
	}
	if (tab === "cancelled")
		return query.orderBy("registration.cancelledAt", "desc").orderBy("registration.id");
	if (sort === "date") return query.orderBy("registration.createdAt", "desc").orderBy("registration.id");
	if (sort === "organization") query = query.orderBy("registration.organization");
	return query.orderBy("registration.sortName").orderBy("registration.id");
}

export const everyonePerPage = 100;
const newestLookedAt = 2000;

/**
 * People of every session, the newest registration first: those whose name, address or organization has words that begin
 * as typed, or who were named by their address or the reference of their booking. At most `everyonePerPage` and one more,
 * which says that there are others; they come after `before`, the last id of the page before.
 */
export async function searchAttendees(
	db: Db,
	asked: { search: string; workshopId?: string; before?: string },
) {
	let query = db
		.selectFrom("registration")
		.innerJoin("booking", "booking.id", "registration.bookingId")
		.innerJoin("session", "session.id", "registration.sessionId")
		.innerJoin("workshop", "workshop.id", "session.workshopId")
		.select([
			"registration.id",
			"registration.sessionId",
			"registration.name",
			"registration.email",
			"registration.organization",
			"registration.status",
			"registration.shownAs",
			"registration.createdAt",
			"booking.reference",
			"booking.contactEmail",
			"session.startsAt",
			"session.zone",
			"workshop.titleFr",
			"workshop.titleEn",
		])
		.where("registration.status", "<>", "repeated")
		.orderBy("registration.id", "desc")
		.limit(everyonePerPage + 1);
	if (asked.before) query = query.where("registration.id", "<", asked.before);
	if (asked.workshopId) query = query.where("session.workshopId", "=", asked.workshopId);
	const named = await namedExactly(db, asked.search);
	const matches = named ?? beginsAsTyped(asked.search);
	if (!matches) return query.execute();
	if (!named) {
		// A common word is soon met among the newest people; the index would gather everyone who has it. It is for the others.
		let newest = db.selectFrom("registration").select("id").orderBy("id", "desc").limit(newestLookedAt);
		if (asked.before) newest = newest.where("id", "<", asked.before);
		const met = await query.where("registration.id", "in", newest).where(matches).execute();
		if (met.length > everyonePerPage) return met;
	}
	const found = db.selectFrom("registration").select("id").where(matches);
	return query.where(sql<boolean>`registration.id = any(array(${found}))`).execute();
}
