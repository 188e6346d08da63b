import type { EmailTexts } from "#app/domain/email-texts.ts";
import type { Locale } from "#app/domain/locale.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";
import { everyEmail } from "#emails/gallery.ts";
import type { AppContext } from "./context.server.ts";
import { notFound } from "./responses.ts";

/**
 * Every email, made from the first confirmed place there is, in the firm's words or in these. Throws a 404 while there
 * is none.
 */
export async function findGallery(context: AppContext, locale: Locale, emailTexts?: EmailTexts) {
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
	const firm = await findFirm(db);
	const worded = { ...firm, emailTexts: { ...firm.emailTexts, ...emailTexts } };
	const facts = { ...context.origin, ...details!, firm: worded, booking, registration };
	return everyEmail(facts, organizer, locale, new Date());
}
