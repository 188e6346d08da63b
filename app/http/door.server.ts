import type { Locale } from "#app/domain/locale.ts";
import { checkInIsGenuine, readCheckIn, signCheckIn } from "#app/domain/token.server.ts";
import { textIn } from "#app/domain/workshop.ts";
import { countExpected, listExpected } from "#db/queries/attendance.server.ts";
import { findNumbered, type PlaceRow } from "#db/queries/registrations.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";
import type { SessionRow } from "#db/schema.ts";
import type { AppContext } from "./context.server.ts";

/**
 * Who is expected at a meeting and found by what was typed, each with the code that their own page shows. A code may be
 * typed, or sent by a camera: it finds its holder alone, and says where else they are expected.
 */
export async function findGuests(
	context: AppContext,
	{ id: sessionId, workshopId }: Pick<SessionRow, "id" | "workshopId">,
	{ meetingId, search, locale }: { meetingId: string; search: string; locale: Locale },
) {
	const { db, secrets } = context;
	const holder = await findHolder(context, search);
	const person = holder?.sessionId === sessionId ? holder.id : undefined;
	const asked = { sessionId, meetingId, search, person };
	const [counts, { people, more }] = await Promise.all([countExpected(db, asked), listExpected(db, asked)]);
	const coded = people.map(({ tokenVersion, ...guest }) => ({
		...guest,
		code: signCheckIn(secrets[0], { ...guest, tokenVersion }),
	}));
	const elsewhere = holder && !person ? await findSeat(context, holder, workshopId, locale) : null;
	return { counts, list: { people: coded, more }, elsewhere };
}

/** Who has a seat and holds this code; undefined for one that is no longer good, and for any other words. */
async function findHolder({ db, secrets }: AppContext, typed: string): Promise<PlaceRow | undefined> {
	const value = typed.toUpperCase();
	const named = readCheckIn(value);
	const holder = named && (await findNumbered(db, named));
	const isGood = holder?.status === "confirmed" && checkInIsGenuine(secrets, value, holder);
	return isGood ? holder : undefined;
}

/** The date that somebody is expected at, and what it is about where that is not this workshop; null once it is cancelled. */
async function findSeat(
	{ db }: AppContext,
	{ name, sessionId }: PlaceRow,
	workshopId: string,
	locale: Locale,
) {
	const { session, workshop } = (await findSessionDetails(db, sessionId))!;
	if (session.cancelledAt) return null;
	const { startsAt, zone } = session;
	const title = workshop.id === workshopId ? null : textIn(workshop, "title", locale).text;
	return { name, startsAt, zone, title };
}
