import type { Db } from "#db/client.server.ts";
import { findGroupsOfAddress } from "#db/queries/bookings.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { bookingOf, findPlacesOfAddress } from "#db/queries/registrations.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";
import { type Message, onceAnHour } from "#emails/message.ts";
import { queueEmails } from "#emails/outbox.server.ts";
import { groupBooked } from "#emails/templates/group-booked.tsx";
import { lostLink } from "#emails/templates/lost-link.tsx";
import type { MailOrigin } from "./mail-origin.ts";

/** Sends an address the link of each of its places and groups to come, one email each; nothing when it has none. */
export async function sendLostLinks(db: Db, origin: MailOrigin, email: string, now: Date): Promise<void> {
	const places = await findPlacesOfAddress(db, email, now);
	const groups = await findGroupsOfAddress(db, email, now);
	if (places.length + groups.length === 0) return;
	const firm = await findFirm(db);
	const messages: Message[] = [];
	for (const place of places) {
		const details = await findSessionDetails(db, place.sessionId);
		if (!details) continue;
		messages.push(
			lostLink({ ...origin, ...details, firm, booking: bookingOf(place), registration: place }, now),
		);
	}
	for (const { booking, registrations } of groups) {
		const details = await findSessionDetails(db, booking.sessionId);
		if (!details) continue;
		const key = onceAnHour("lost-link", booking.id, now);
		messages.push(groupBooked({ ...origin, ...details, firm, booking, registrations }, key));
	}
	await db.transaction().execute((trx) => queueEmails(trx, messages, origin.domain, now));
}
