import { idOfToken, tokenIsGenuine } from "#app/domain/token.server.ts";
import { findBooking } from "#db/queries/bookings.server.ts";
import { findRegistration } from "#db/queries/registrations.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";
import type { AppContext } from "./context.server.ts";
import { notFound } from "./responses.ts";

/** The booking that a confirmation's address names. Throws a 404 for a token that is not ours. */
export async function findBookedPage(context: AppContext, token = "") {
	const id = idOfToken(token);
	if (!id || !tokenIsGenuine(context.secrets, "booking", token, id)) throw notFound();
	const found = await findBooking(context.db, id);
	const details = found && (await findSessionDetails(context.db, found.booking.sessionId));
	if (!details) throw notFound();
	return { ...found, details };
}

/** The registration that a person's own link names. Throws a 404 for a token that is not ours, or no longer. */
export async function findOwnPlace(context: AppContext, token = "") {
	const id = idOfToken(token);
	const registration = id ? await findRegistration(context.db, id) : undefined;
	if (!registration) throw notFound();
	const { tokenVersion } = registration;
	if (!tokenIsGenuine(context.secrets, "manage", token, registration.id, tokenVersion)) throw notFound();
	const details = await findSessionDetails(context.db, registration.sessionId);
	if (!details) throw notFound();
	return { registration, details };
}
