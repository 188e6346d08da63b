import type { Locale } from "#app/domain/locale.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";
import { everyEmail } from "#emails/gallery.ts";
import type { AppContext } from "./context.server.ts";
import { notFound } from "./responses.ts";

/** Every email, made from the first confirmed place there is. Throws a 404 while there is none. */
export async function findGallery(context: AppContext, locale: Locale) {
	const { db } = context;
	const registration = await db
		.selectFrom("registration")
		.selectAll()
		.where("status", "=", "confirmed")
		.orderBy("id")
		.limit(1)
		.executeTakeFirst();
	const organizer = await db.selectFrom("organizer").selectAll().limit(1).executeTakeFirst();
	if (!registration || !organizer) throw notFound();
	const details = await findSessionDetails(db, registration.sessionId);
	const booking = await db
		.selectFrom("booking")
		.selectAll()
		.where("id", "=", registration.bookingId)
		.executeTakeFirstOrThrow();
	const facts = { ...context.origin, ...details!, firm: await findFirm(db), booking, registration };
	return everyEmail(facts, organizer, locale, new Date());
}
