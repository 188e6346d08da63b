import { type ExpressionBuilder, expressionBuilder, type SelectQueryBuilder, sql } from "kysely";
import type { Locale } from "#app/domain/locale.ts";
import { foldText, wordsTyped } from "#app/domain/name.ts";
import type { AnswerValue } from "#app/domain/question.ts";
import { parseReference } from "#app/domain/reference.ts";
import { activeStatuses, seatedStatuses } from "#app/domain/registration.ts";
import type { TaxNumbers } from "#app/domain/taxes.ts";
import type { ApiRegistration } from "#app/exports/api-shapes.ts";
import type { Db, Trx } from "../client.server.ts";
import type { Booking, Database, Registration, SessionRow } from "../schema.ts";
import { countAttendance, findAttended } from "./attendance.server.ts";
import { type InvoiceFacts, invoiceFacts, invoiceOf } from "./invoices.server.ts";
import { findAnswers } from "./questions.server.ts";
import { beginsAsTyped, contains } from "./search.server.ts";

/** A registration with what its booking says of it: the reference, and whom to write to when it has no address. */
export type PlaceRow = Registration & Pick<Booking, "reference" | "contactName" | "contactEmail">;

/** The booking's side of a place, as an email wants it. */
export function bookingOf(place: PlaceRow) {
	const { bookingId: id, reference, contactName, contactEmail } = place;
	return { id, reference, contactName, contactEmail };
}

/**
 * The registrations of a session that hold or wait for a seat under one of these addresses, whatever the case. Each
 * address is looked up by itself, in the words of its unique index; the limit keeps Postgres from joining otherwise. Left
 * the choice, it reads the whole session until it has statistics, and in the rush on a new date it has none.
 */
export async function findActiveByEmail(trx: Trx, sessionId: string, emails: string[]): Promise<PlaceRow[]> {
	if (emails.length === 0) return [];
	const addresses = [...new Set(emails.map((email) => email.toLowerCase()))];
	return trx
		.selectFrom(sql<{ address: string }>`unnest(${addresses}::text[])`.as<"wanted">(sql`wanted (address)`))
		.innerJoinLateral(
			(from) =>
				from
					.selectFrom("registration")
					.selectAll()
					.where("sessionId", "=", sessionId)
					.where("status", "not in", ["cancelled", "repeated"])
					.whereRef(sql`lower(registration.email)`, "=", "wanted.address")
					.limit(1)
					.as("registration"),
			(join) => join.onTrue(),
		)
		.innerJoin("booking", "booking.id", "registration.bookingId")
		.selectAll("registration")
		.select(["booking.reference", "booking.contactName", "booking.contactEmail"])
		.execute();
}

/**
 * Who holds or waits for a seat in a session: the addresses in lower case, and the folded names of the people who have
 * none.
 */
export async function listKnownPeople(
	db: Db | Trx,
	sessionId: string,
): Promise<{ emails: Set<string>; names: Set<string> }> {
	const people = await db
		.selectFrom("registration")
		.select(["name", "email"])
		.where("sessionId", "=", sessionId)
		.where("status", "in", activeStatuses)
		.execute();
	return {
		emails: new Set(people.flatMap(({ email }) => email?.toLowerCase() ?? [])),
		names: new Set(people.flatMap(({ name, email }) => (email ? [] : foldText(name)))),
	};
}

export async function findRegistration(db: Db | Trx, id: string): Promise<PlaceRow | undefined> {
	return places(db).where("registration.id", "=", id).executeTakeFirst();
}

/** The person of this number in the booking that has this reference. */
export async function findNumbered(
	db: Db,
	{ reference, position }: { reference: string; position: number },
): Promise<PlaceRow | undefined> {
	return places(db)
		.where("booking.reference", "=", reference)
		.where("registration.position", "=", position)
		.executeTakeFirst();
}

/** The registrations that an address was named in while it had a place in this session: they hold nothing. */
export async function findRepeated(trx: Trx, sessionId: string, email: string) {
	return trx
		.selectFrom("registration")
		.select(["id", "bookingId"])
		.where(sql<string>`lower(email)`, "=", email.toLowerCase())
		.where("sessionId", "=", sessionId)
		.where("status", "=", "repeated")
		.execute();
}

/** That somebody's registration was not erased. */
export const stillNamed = sql<boolean>`registration.name <> ''`;

/** Whoever received a seat later answers to nobody in its booking, unless their mail goes to the contact. */
export const answersToContact = sql<boolean>`(registration.created_at = booking.created_at or registration.email is null)`;

/** Whether this person is the contact of others too, who are still known: their address is that of the whole booking. */
export async function leadsOthers(
	db: Db,
	{ id, bookingId, email, contactEmail }: PlaceRow,
): Promise<boolean> {
	if (email?.toLowerCase() !== contactEmail.toLowerCase()) return false;
	const other = await db
		.selectFrom("registration")
		.innerJoin("booking", "booking.id", "registration.bookingId")
		.select("registration.id")
		.where("registration.bookingId", "=", bookingId)
		.where("registration.id", "<>", id)
		.where(stillNamed)
		.where(answersToContact)
		.limit(1)
		.executeTakeFirst();
	return other !== undefined;
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

const yearMs = 365 * 24 * 3600 * 1000;

/**
 * What a person's calendar holds: the seats under their address, or this one alone where they gave none, and those that
 * are no longer theirs after an entry was sent. Of the past year and to come: a hundred at most.
 */
export async function listCalendarPlaces(
	db: Db,
	person: Pick<Registration, "id" | "email">,
	now: Date,
): Promise<PlaceRow[]> {
	const theirs = person.email
		? sql<boolean>`lower(registration.email) = lower(${person.email})`
		: sql<boolean>`registration.id = ${person.id}::uuid`;
	return places(db)
		.innerJoin("session", "session.id", "registration.sessionId")
		.where(theirs)
		.where("session.endsAt", ">", new Date(now.getTime() - yearMs))
		.where(({ or, and, eb, exists, selectFrom }) =>
			or([
				eb("registration.status", "=", "confirmed"),
				and([
					eb("registration.status", "=", "cancelled"),
					exists(
						selectFrom("email")
							.select("email.id")
							.whereRef("email.registrationId", "=", "registration.id")
							.where("email.calendarMethod", "in", ["PUBLISH", "REQUEST"]),
					),
				]),
			]),
		)
		.orderBy("session.startsAt")
		.orderBy("registration.id")
		.limit(100)
		.execute();
}

function places(db: Db | Trx) {
	return db
		.selectFrom("registration")
		.innerJoin("booking", "booking.id", "registration.bookingId")
		.selectAll("registration")
		.select(["booking.reference", "booking.contactName", "booking.contactEmail"]);
}

/** Everyone who holds or waits for a seat in a session. */
export async function listSessionPeople(db: Db | Trx, sessionId: string): Promise<SessionPerson[]> {
	const people = await places(db)
		.where("registration.sessionId", "=", sessionId)
		.where("registration.status", "in", activeStatuses)
		.where(stillNamed)
		.orderBy("registration.id")
		.execute();
	return people as SessionPerson[];
}

export type SessionPerson = PlaceRow & { status: (typeof activeStatuses)[number] };

/** Who has a seat in a session, by name: what a sheet to sign says of them. */
export async function listSeated(db: Db, sessionId: string) {
	return db
		.selectFrom("registration")
		.select(["id", "name", "organization"])
		.where("sessionId", "=", sessionId)
		.where("status", "=", "confirmed")
		.orderBy("sortName")
		.orderBy("id")
		.execute();
}

/** What the search of an attendee list looks through. */
export function searchTextOf(person: { name: string; email: string | null; organization: string }): string {
	return foldText(`${person.name} ${person.email ?? ""} ${person.organization}`);
}

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

/** That a seat was taken in the seven days before `now` and still is. */
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

/** Until when each of these places in line has a seat offered to it; those that have none are left out. */
export async function findOfferDeadlines(db: Db, entryIds: string[]): Promise<Map<string, Date>> {
	if (entryIds.length === 0) return new Map();
	const offers = await db
		.selectFrom("offer")
		.select(["entryId", "expiresAt"])
		.where("entryId", "in", entryIds)
		.where("state", "=", "open")
		.execute();
	return new Map(offers.map(({ entryId, expiresAt }) => [entryId, expiresAt]));
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
			.select(exported)
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

const noAnswers: ReadonlyMap<string, AnswerValue> = new Map();

const exported = [
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

/**
 * A session's people in the order in which they signed up, as other software reads them: those after `after`, `limit` at
 * most. Whoever signs up meanwhile comes at the end. `firm` says which taxes they owe.
 */
export async function listApiRegistrations(
	db: Db,
	firm: TaxNumbers,
	{ sessionId, after }: { sessionId: string; after?: string },
	limit: number,
): Promise<ApiRegistration[]> {
	// Not « equal to »: Postgres would then walk the ids of everybody, all those who came later included, to find few here.
	let query = apiRegistrations(db)
		.where("registration.sessionId", ">=", sessionId)
		.where("registration.sessionId", "<=", sessionId)
		.orderBy("registration.sessionId")
		.orderBy("registration.id")
		.limit(limit);
	if (after) {
		query = query.where(
			sql<boolean>`(registration.session_id, registration.id) > (${sessionId}::uuid, ${after}::uuid)`,
		);
	}
	return withApiDetails(db, firm, await query.execute());
}

/** One of these. */
export async function findApiRegistration(
	db: Db,
	firm: TaxNumbers,
	id: string,
): Promise<ApiRegistration | undefined> {
	const rows = await apiRegistrations(db).where("registration.id", "=", id).execute();
	return (await withApiDetails(db, firm, rows))[0];
}

/** Those of these who were not erased. A place that turned out to be asked for twice is nobody's, and so a cancelled one. */
export async function findToldRegistrations(
	db: Db,
	firm: TaxNumbers,
	ids: string[],
): Promise<ApiRegistration[]> {
	const rows = await withRepeated(db)
		.where(sql<boolean>`registration.id = any(${ids}::uuid[])`)
		.where(stillNamed)
		.execute();
	const gone = { status: "cancelled" as const, shownAs: null };
	return withApiDetails(
		db,
		firm,
		rows.map((row) => (row.status === "repeated" ? { ...row, ...gone } : row)),
	);
}

function apiRegistrations(db: Db) {
	return withRepeated(db).where("registration.status", "<>", "repeated");
}

function withRepeated(db: Db) {
	return db
		.selectFrom("registration")
		.innerJoin("booking", "booking.id", "registration.bookingId")
		.select(exported)
		.select(["registration.sessionId", "registration.updatedAt", invoiceFacts.as("invoiceFacts")]);
}

async function withApiDetails(
	db: Db,
	firm: TaxNumbers,
	rows: Awaited<ReturnType<ReturnType<typeof apiRegistrations>["execute"]>>,
): Promise<ApiRegistration[]> {
	const answers = await findAnswers(
		db,
		rows.map(({ id }) => id),
	);
	return rows.map(({ invoiceFacts, ...row }) => ({
		...row,
		answers: answers.get(row.id) ?? noAnswers,
		invoice: invoiceOf(invoiceFacts, row.status, firm),
	}));
}

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
