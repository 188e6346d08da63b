import { isErased } from "#app/domain/registration.ts";
import { sessionStatus } from "#app/domain/session.ts";
import { idOfToken, tokenIsGenuine } from "#app/domain/token.server.ts";
import { findBooking } from "#db/queries/bookings.server.ts";
import { findRegistration, listCalendarPlaces } from "#db/queries/registrations.server.ts";
import {
	findSessionDetails,
	listWorkshopSessions,
	type SessionDetails,
} from "#db/queries/sessions.server.ts";
import type { AppContext } from "./context.server.ts";
import { notFound } from "./responses.ts";

/** The booking that a confirmation's address names. Throws a 404 for a token that is not ours, or no longer. */
export async function findBookedPage(context: AppContext, token = "") {
	return findBookingOf(context, "booking", token);
}

/** The booking that a contact's link to their group names, with the date of each person. Throws a 404 as `findOwnPlace`. */
export async function findOwnGroup(context: AppContext, token = "") {
	return findBookingOf(context, "group", token);
}

async function findBookingOf(context: AppContext, purpose: "booking" | "group", token: string) {
	const id = idOfToken(token);
	const found = id ? await findBooking(context.db, id) : undefined;
	if (!found) throw notFound();
	const { id: bookingId, tokenVersion, sessionId } = found.booking;
	if (!tokenIsGenuine(context.secrets, purpose, token, bookingId, tokenVersion)) throw notFound();
	const details = await findSessionDetails(context.db, sessionId);
	if (!details) throw notFound();
	return { ...found, registrations: found.registrations.filter((one) => !isErased(one)), details };
}

/** The dates of those of a group who moved from the one that it was for. */
export async function datesElsewhere(
	context: AppContext,
	{ booking, registrations }: Awaited<ReturnType<typeof findOwnGroup>>,
) {
	const ids = new Set(registrations.map(({ sessionId }) => sessionId));
	ids.delete(booking.sessionId);
	const dates = await Promise.all([...ids].map((id) => findSessionDetails(context.db, id)));
	return dates.filter((date) => date !== undefined);
}

/** A date without its link to join, which confirmed people alone are given: by email, and on their own page. */
export function withoutLink(details: SessionDetails): SessionDetails {
	return { ...details, session: { ...details.session, joinUrl: "" } };
}

/** The registration that a person's own link names. Throws a 404 for a token that is not ours, or no longer. */
export async function findOwnPlace(context: AppContext, token = "") {
	const id = idOfToken(token);
	const registration = id ? await findRegistration(context.db, id) : undefined;
	if (!registration || isErased(registration)) throw notFound();
	const { tokenVersion } = registration;
	if (!tokenIsGenuine(context.secrets, "manage", token, registration.id, tokenVersion)) throw notFound();
	const details = await findSessionDetails(context.db, registration.sessionId);
	if (!details) throw notFound();
	return { registration, details };
}

/** Whether this was the link of somebody, or of a group's contact, who has been erased with it: it names nobody any more. */
export async function wasErased(
	{ db, secrets }: AppContext,
	purpose: "manage" | "group",
	token = "",
): Promise<boolean> {
	const id = idOfToken(token);
	if (!id) return false;
	const place = purpose === "manage" ? await findRegistration(db, id) : undefined;
	const booking = purpose === "group" ? (await findBooking(db, id))?.booking : undefined;
	const [name, version] = [place?.name ?? booking?.contactName, place?.tokenVersion ?? booking?.tokenVersion];
	return name === "" && tokenIsGenuine(secrets, purpose, token, id, (version ?? 0) - 1);
}

/** The places of the person whose calendar this address is, past year included. Throws a 404 as `findOwnPlace`. */
export async function findOwnCalendar(context: AppContext, token = "", now: Date) {
	const id = idOfToken(token);
	const registration = id ? await findRegistration(context.db, id) : undefined;
	if (!registration) throw notFound();
	if (!tokenIsGenuine(context.secrets, "calendar", token, registration.id, registration.tokenVersion))
		throw notFound();
	const places = await listCalendarPlaces(context.db, registration, now);
	return Promise.all(
		places.map(async (place) => ({
			registration: place,
			details: (await findSessionDetails(context.db, place.sessionId))!,
		})),
	);
}

/** The other dates of somebody's workshop that have a seat now. */
export async function otherDates(context: AppContext, { session, workshop }: SessionDetails, now: Date) {
	const sessions = await listWorkshopSessions(context.db, workshop.id, now);
	return sessions.filter(
		(other) => other.id !== session.id && ["open", "few-left"].includes(sessionStatus(other, now)),
	);
}
