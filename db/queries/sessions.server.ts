import { type ExpressionBuilder, sql } from "kysely";
import { jsonArrayFrom } from "kysely/helpers/postgres";
import { type Locale, locales } from "#app/domain/locale.ts";
import { foldText, wordsTyped } from "#app/domain/name.ts";
import type { ApiSession } from "#app/exports/api-shapes.ts";
import type { Db, Trx } from "../client.server.ts";
import type { Database, Meeting, SessionRow, Workshop } from "../schema.ts";
import { cameToNothing } from "./attendance.server.ts";
import { newThisWeek } from "./attendees.server.ts";
import { stillNamed } from "./registrations.server.ts";

type MeetingTimes = { startsAt: Date; endsAt: Date };

export type SessionDetails = { session: SessionRow; workshop: Workshop; meetings: Meeting[] };

/**
 * Locks the session until the transaction ends, and returns it as it is then. Undefined when there is none. Throws when
 * another holds it for over five seconds (55P03).
 */
export async function lockSession(trx: Trx, id: string): Promise<SessionRow | undefined> {
	const [, session] = await Promise.all([
		waitBriefly(trx),
		trx.selectFrom("session").selectAll().where("id", "=", id).forUpdate().executeTakeFirst(),
	]);
	return session;
}

/** The same with its workshop and its meetings: asked for behind the lock, they are read once it is held. */
export async function lockSessionDetails(trx: Trx, id: string): Promise<SessionDetails | undefined> {
	const ofSession = trx.selectFrom("session").select("workshopId").where("id", "=", id);
	const [session, workshop, meetings] = await Promise.all([
		lockSession(trx, id),
		trx.selectFrom("workshop").selectAll().where("id", "=", ofSession).executeTakeFirst(),
		listMeetings(trx, id),
	]);
	return session && workshop && { session, workshop, meetings };
}

/** Writes what a locked session counts, in the transaction that changed whom it counts. */
export async function saveSeats(
	trx: Trx,
	{ id, seatsTaken, seatsWaiting, waitlistSeq }: SessionRow,
): Promise<void> {
	await trx
		.updateTable("session")
		.set({ seatsTaken, seatsWaiting, waitlistSeq })
		.where("id", "=", id)
		.execute();
}

/**
 * Waits five seconds at most for a lock, and lets Postgres take back what this transaction locks when nothing more is heard of
 * it for twenty: a process that is frozen keeps nobody from a date.
 */
async function waitBriefly(trx: Trx): Promise<void> {
	await sql`
		select set_config('lock_timeout', '5s', true), set_config('idle_in_transaction_session_timeout', '20s', true)
	`.execute(trx);
}

/**
 * Lets one change of a session's plan happen at a time, until the transaction ends. Unlike `lockSession` it keeps nobody
 * from signing up, so that what takes long, such as writing to everyone, comes before the session itself is locked.
 */
export async function lockPlan(trx: Trx, id: string): Promise<void> {
	await waitBriefly(trx);
	await sql`select pg_advisory_xact_lock(hashtextextended(${`presence.plan.${id}`}, 0))`.execute(trx);
}

/** A session with its workshop and its meetings in order. */
export async function findSessionDetails(db: Db | Trx, id: string): Promise<SessionDetails | undefined> {
	const session = await db.selectFrom("session").selectAll().where("id", "=", id).executeTakeFirst();
	return session && describeSession(db, session);
}

/** The same for a row that was already read, such as under its lock. */
export async function describeSession(db: Db | Trx, session: SessionRow): Promise<SessionDetails> {
	const [workshop, meetings] = await Promise.all([
		db.selectFrom("workshop").selectAll().where("id", "=", session.workshopId).executeTakeFirstOrThrow(),
		listMeetings(db, session.id),
	]);
	return { session, workshop, meetings };
}

function listMeetings(db: Db | Trx, sessionId: string): Promise<Meeting[]> {
	return db
		.selectFrom("meeting")
		.selectAll()
		.where("sessionId", "=", sessionId)
		.orderBy("position")
		.execute();
}

/** The sessions that somebody registered for, of one workshop or of all, in date order. */
export async function listSessionsWithPeople(db: Db, workshopId?: string): Promise<string[]> {
	let query = db
		.selectFrom("session")
		.select("id")
		.where(({ exists, selectFrom }) =>
			exists(
				selectFrom("registration")
					.select("registration.id")
					.whereRef("registration.sessionId", "=", "session.id"),
			),
		)
		.orderBy("startsAt")
		.orderBy("id");
	if (workshopId) query = query.where("workshopId", "=", workshopId);
	return (await query.execute()).map(({ id }) => id);
}

/** The tentative dates to come that enough people have a seat in. */
export async function listDatesToConfirm(db: Db, now: Date): Promise<string[]> {
	const rows = await db
		.selectFrom("session")
		.select("id")
		.where("tentative", "=", true)
		.whereRef("seatsTaken", ">=", "minimum")
		.where("seatsTaken", ">", 0)
		.where("publishedAt", "is not", null)
		.where("cancelledAt", "is", null)
		.where("startsAt", ">", now)
		.execute();
	return rows.map(({ id }) => id);
}

/** The sessions that ended in the last days and have somebody to thank, with their last meeting. `prefix` begins the key of a thanks. */
export async function listSessionsToThank(db: Db, prefix: string, now: Date) {
	return db
		.selectFrom("session")
		.innerJoin("meeting", (join) =>
			join.onRef("meeting.sessionId", "=", "session.id").onRef("meeting.endsAt", "=", "session.endsAt"),
		)
		.select(["session.id", "session.endsAt", "meeting.localDate", "meeting.zone"])
		.where("session.endsAt", "<", now)
		.where("session.endsAt", ">", new Date(now.getTime() - 5 * 24 * 3600 * 1000))
		.where("session.publishedAt", "is not", null)
		.where("session.cancelledAt", "is", null)
		.where("session.thanks", "=", true)
		.where(({ exists, selectFrom, not }) =>
			exists(
				selectFrom("registration")
					.select("registration.id")
					.whereRef("registration.sessionId", "=", "session.id")
					.where("registration.status", "=", "confirmed")
					.where(stillNamed)
					.where(not(cameToNothing))
					.where(
						not(
							exists(
								selectFrom("email")
									.select("email.id")
									.where(
										"email.dedupeKey",
										"=",
										sql<string>`${prefix} || registration.id || ':' || session.id`,
									),
							),
						),
					),
			),
		)
		.execute();
}

/** What anyone may read of a session. The join link is for confirmed people alone. */
const shownColumns = [
	"session.id",
	"session.language",
	"session.online",
	"session.place",
	"session.address",
	"session.zone",
	"session.capacity",
	"session.minimum",
	"session.seatsTaken",
	"session.seatsWaiting",
	"session.waitlistMode",
	"session.priceCents",
	"session.tentative",
	"session.opensAt",
	"session.closesAt",
	"session.startsAt",
	"session.endsAt",
	"session.revision",
	"session.publishedAt",
	"session.cancelledAt",
	"session.updatedAt",
] as const;

/** A session as anyone may see it, with the times of its meetings. */
export type ShownSession = Omit<WorkshopSession, "hasLink" | "cancelUntil">;

/** The same on its workshop's page, which also says when the link to join comes, and until when a seat may be cancelled. */
export type WorkshopSession = Awaited<ReturnType<typeof listWorkshopSessions>>[number];

export type SessionFilters = {
	/** A workshop's French slug. */
	workshop?: string;
	/** Words of a workshop's title, in either language. */
	words?: string;
	/** `2026-12`: the month of the first meeting, where it takes place. */
	month?: string;
	language?: Locale;
};

export const sessionsPerPage = 40;

/** Published sessions of published workshops that are not over, in date order, cancelled ones included. `page` counts from 1. */
export async function listUpcomingSessions(db: Db, now: Date, filters: SessionFilters = {}, page = 1) {
	let query = upcoming(db, now);
	if (filters.workshop) query = query.where("workshop.slugFr", "=", filters.workshop);
	if (filters.words) {
		const named = await findWorkshopsNamed(db, filters.words);
		query = query.where(sql<boolean>`workshop.id = any(${named}::uuid[])`);
	}
	if (filters.language) query = query.where("session.language", "=", filters.language);
	if (filters.month) query = query.where(monthOfSession, "=", filters.month);
	const rows = await query
		.select(shownColumns)
		.select([
			"workshop.slugFr",
			"workshop.slugEn",
			"workshop.titleFr",
			"workshop.titleEn",
			"workshop.summaryFr",
			"workshop.summaryEn",
		])
		.select((eb) => meetingTimes(eb))
		.orderBy("session.startsAt")
		.orderBy("session.id")
		.limit(sessionsPerPage + 1)
		.offset((page - 1) * sessionsPerPage)
		.execute();
	return {
		sessions: rows.slice(0, sessionsPerPage).map(withMeetingDates),
		more: rows.length > sessionsPerPage,
	};
}

/** The workshops that anyone may see with each of these words in a title, whatever their accents. */
async function findWorkshopsNamed(db: Db, typed: string): Promise<string[]> {
	const words = wordsTyped(typed);
	const workshops = await shownWorkshops(db).select(["id", "titleFr", "titleEn"]).execute();
	return workshops
		.filter(({ titleFr, titleEn }) => {
			const titles = foldText(`${titleFr} ${titleEn}`);
			return words.every((word) => titles.includes(word));
		})
		.map(({ id }) => id);
}

const mostWorkshopChoices = 50;

/**
 * What the list can be narrowed to: workshops, months (`2026-12`) and languages that have a date to come. Where the workshops
 * are too many to choose from there is only the one with the slug `chosen`, or none: then they are asked for by `words`.
 */
export async function listFilterChoices(db: Db, now: Date, chosen?: string) {
	const [workshops, months, languages] = await Promise.all([
		shownWorkshops(db)
			.select(["slugFr", "titleFr", "titleEn"])
			.where(({ exists, selectFrom }) =>
				exists(
					selectFrom("session")
						.select("session.id")
						.whereRef("session.workshopId", "=", "workshop.id")
						.where("session.publishedAt", "is not", null)
						.where("session.endsAt", ">", now),
				),
			)
			.limit(mostWorkshopChoices + 1)
			.execute(),
		listMonths(db, now),
		listLanguages(db, now),
	]);
	if (workshops.length <= mostWorkshopChoices) return { workshops, byWords: false, months, languages };
	const known = await shownWorkshops(db)
		.select(["slugFr", "titleFr", "titleEn"])
		.where("slugFr", "=", chosen ?? "")
		.execute();
	return { workshops: known, byWords: known.length === 0, months, languages };
}

/**
 * The months of the next five years, and of what began and is not over, in which a date begins where it takes place. Each is
 * looked up by itself: whether there are ten dates or thousands, the first one found is enough.
 */
async function listMonths(db: Db, now: Date): Promise<string[]> {
	const oneOfTheMonth = upcoming(db, now)
		.innerJoin("meeting", "meeting.sessionId", "session.id")
		.select("session.id")
		.where("meeting.position", "=", 1)
		.where(monthOfMeeting, "=", sql<string>`to_char(month, 'YYYY-MM')`)
		// No zone is more than a day away from UTC.
		.where("meeting.startsAt", ">", sql<Date>`month at time zone 'UTC' - interval '1 day'`)
		.where("meeting.startsAt", "<", sql<Date>`month at time zone 'UTC' + interval '1 month 1 day'`)
		.limit(1);
	const shown = db.selectFrom("session").where("publishedAt", "is not", null).where("endsAt", ">", now);
	const first = shown.select(({ fn }) => fn.min("startsAt").as("startsAt"));
	const last = shown.select(({ fn }) => fn.max("startsAt").as("startsAt"));
	const { rows } = await sql<{ month: string }>`
		select to_char(month, 'YYYY-MM') as month
		from generate_series(
			date_trunc('month', (${first}) at time zone 'UTC' - interval '1 day'),
			least((${last}), ${now}::timestamptz + interval '5 years') at time zone 'UTC' + interval '1 day',
			'1 month'
		) as month
		cross join lateral (${oneOfTheMonth}) as found
		order by month
	`.execute(db);
	return rows.map(({ month }) => month);
}

async function listLanguages(db: Db, now: Date): Promise<Locale[]> {
	const found = await Promise.all(
		locales.map((locale) =>
			upcoming(db, now)
				.select("session.id")
				.where("session.language", "=", locale)
				.limit(1)
				.executeTakeFirst(),
		),
	);
	return locales.filter((_, index) => found[index]);
}

// Meetings keep the date on the wall: no zone is converted in the database.
const monthOfMeeting = sql<string>`to_char(meeting.local_date, 'YYYY-MM')`;
const monthOfSession = sql<string>`(
	select ${monthOfMeeting} from meeting where meeting.session_id = session.id and meeting.position = 1
)`;

function shownWorkshops(db: Db) {
	return db
		.selectFrom("workshop")
		.where("workshop.publishedAt", "is not", null)
		.where("workshop.archivedAt", "is", null);
}

function upcoming(db: Db, now: Date) {
	return db
		.selectFrom("session")
		.innerJoin("workshop", "workshop.id", "session.workshopId")
		.where("session.publishedAt", "is not", null)
		.where("workshop.publishedAt", "is not", null)
		.where("workshop.archivedAt", "is", null)
		.where("session.endsAt", ">", now);
}

/** The sessions of one workshop that a reader may see: published, not over. */
export async function listWorkshopSessions(db: Db | Trx, workshopId: string, now: Date) {
	const rows = await db
		.selectFrom("session")
		.select(shownColumns)
		.select(sql<boolean>`join_url <> ''`.as("hasLink"))
		.select("session.cancelUntil")
		.select((eb) => meetingTimes(eb))
		.where("workshopId", "=", workshopId)
		.where("publishedAt", "is not", null)
		.where("endsAt", ">", now)
		.orderBy("startsAt")
		.orderBy("id")
		.execute();
	return rows.map(withMeetingDates);
}

export type OrganizerSession = Awaited<ReturnType<typeof listWorkshopSessionsForOrganizer>>[number];

export const organizerSessionsPerPage = 50;

/** One page of the sessions on one side of now with their counts, for the back office. `page` counts from 1. */
export async function listSessionsForOrganizer(db: Db, when: "upcoming" | "past", now: Date, page = 1) {
	const side = when === "upcoming" ? (">" as const) : ("<=" as const);
	const [{ total }, rows] = await Promise.all([
		db
			.selectFrom("session")
			.select(sql<number>`count(*)::int`.as("total"))
			.where("endsAt", side, now)
			.executeTakeFirstOrThrow(),
		withCounts(db, now)
			.where("session.endsAt", side, now)
			.orderBy("session.startsAt", when === "upcoming" ? "asc" : "desc")
			.orderBy("session.id")
			.limit(organizerSessionsPerPage)
			.offset((page - 1) * organizerSessionsPerPage)
			.execute(),
	]);
	return { sessions: rows.map(withMeetingDates), total };
}

/** Every session of one workshop with its counts, drafts included: the next ones in order, then the past ones: at most 200. */
export async function listWorkshopSessionsForOrganizer(db: Db, workshopId: string, now: Date) {
	const rows = await withCounts(db, now)
		.where("session.workshopId", "=", workshopId)
		.orderBy((eb) => eb("session.endsAt", "<=", now))
		.orderBy((eb) => eb.case().when("session.endsAt", ">", now).then(eb.ref("session.startsAt")).end())
		.orderBy("session.startsAt", "desc")
		.orderBy("session.id")
		.limit(200)
		.execute();
	return rows.map(withMeetingDates);
}

function withCounts(db: Db, now: Date) {
	return db
		.selectFrom("session")
		.innerJoin("workshop", "workshop.id", "session.workshopId")
		.selectAll("session")
		.select([
			"workshop.titleFr",
			"workshop.titleEn",
			"workshop.publishedAt as workshopPublishedAt",
			"workshop.archivedAt as workshopArchivedAt",
		])
		.select((eb) => meetingTimes(eb))
		.select((eb) =>
			eb
				.selectFrom("registration")
				.select(sql<number>`count(*)::int`.as("count"))
				.whereRef("registration.sessionId", "=", "session.id")
				.where(newThisWeek(now))
				.as("newThisWeek"),
		);
}

/**
 * Published sessions in date order, as other software reads them: those that end at `from` or later and stand after
 * `after`, `limit` at most.
 */
export async function listApiSessions(
	db: Db,
	asked: { from: Date; after?: { startsAt: Date; id: string } },
	limit: number,
): Promise<ApiSession[]> {
	const { from, after } = asked;
	let query = apiSessions(db)
		.where("session.endsAt", ">=", from)
		.orderBy("session.startsAt")
		.orderBy("session.id")
		.limit(limit);
	if (after) {
		query = query.where(
			sql<boolean>`(session.starts_at, session.id) > (${after.startsAt}, ${after.id}::uuid)`,
		);
	}
	return (await query.execute()).map(apiSessionOf);
}

/** One of these, whenever it is. */
export async function findApiSession(db: Db, id: string): Promise<ApiSession | undefined> {
	const row = await apiSessions(db).where("session.id", "=", id).executeTakeFirst();
	return row && apiSessionOf(row);
}

function apiSessions(db: Db) {
	return db
		.selectFrom("session")
		.innerJoin("workshop", "workshop.id", "session.workshopId")
		.select(shownColumns)
		.select([
			"session.workshopId",
			"workshop.titleFr",
			"workshop.titleEn",
			"workshop.slugFr",
			"workshop.slugEn",
			"workshop.publishedAt as workshopPublishedAt",
			"workshop.archivedAt",
		])
		.select((eb) => meetingTimes(eb))
		.where("session.publishedAt", "is not", null)
		.where("workshop.publishedAt", "is not", null);
}

function apiSessionOf(
	row: Awaited<ReturnType<ReturnType<typeof apiSessions>["execute"]>>[number],
): ApiSession {
	const {
		workshopId,
		workshopPublishedAt,
		titleFr,
		titleEn,
		slugFr,
		slugEn,
		archivedAt,
		meetings,
		...session
	} = withMeetingDates(row);
	const publishedAt = workshopPublishedAt;
	const workshop = { id: workshopId, titleFr, titleEn, slugFr, slugEn, publishedAt, archivedAt };
	return { session, workshop, meetings };
}

function meetingTimes(eb: ExpressionBuilder<Database, "session">) {
	return jsonArrayFrom(
		eb
			.selectFrom("meeting")
			.select(["meeting.startsAt", "meeting.endsAt"])
			.whereRef("meeting.sessionId", "=", "session.id")
			.orderBy("meeting.position"),
	).as("meetings");
}

// JSON carries instants as text, and the column names as they are in the database.
function withMeetingDates<Row extends { meetings: unknown }>(
	row: Row,
): Omit<Row, "meetings"> & { meetings: MeetingTimes[] } {
	const meetings = (row.meetings as { starts_at: string; ends_at: string }[]).map((meeting) => ({
		startsAt: new Date(meeting.starts_at),
		endsAt: new Date(meeting.ends_at),
	}));
	return { ...row, meetings };
}
