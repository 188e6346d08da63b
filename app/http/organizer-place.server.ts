import { redirect } from "@remix-run/node";
import { wasMovedFrom } from "#db/queries/audit.server.ts";
import { findRegistration } from "#db/queries/registrations.server.ts";
import type { AppContext } from "./context.server.ts";
import { idParam } from "./params.ts";
import { notFound } from "./responses.ts";

/**
 * The registration that a question about a date's person names. Somebody who was moved is looked for where they are, and the
 * question is asked again at `addressAt`: it was about another date. Throws a 404 when that date never had them.
 */
export async function findPlaceAsked(
	{ db }: AppContext,
	params: { sessionId?: string; registrationId?: string },
	addressAt: (sessionId: string, registrationId: string) => string,
) {
	const sessionId = idParam(params.sessionId);
	const registration = await findRegistration(db, idParam(params.registrationId));
	if (!registration || registration.status === "repeated") throw notFound();
	if (registration.sessionId !== sessionId) {
		if (!(await wasMovedFrom(db, registration.id, sessionId))) throw notFound();
		throw redirect(addressAt(registration.sessionId, registration.id));
	}
	return { ...registration, status: registration.status };
}
