import type { Message } from "#emails/message.ts";
import { addressCorrected } from "#emails/templates/address-corrected.tsx";
import { alreadyRegistered } from "#emails/templates/already-registered.tsx";
import { cancellation } from "#emails/templates/cancellation.tsx";
import { confirmation, seatedFromWaitlist } from "#emails/templates/confirmation.tsx";
import { gaveSeat, receivedSeat } from "#emails/templates/given.tsx";
import { lostLink } from "#emails/templates/lost-link.tsx";
import { offered, offerLapsed } from "#emails/templates/offered.tsx";
import type { PlaceFacts } from "#emails/templates/registration-email.tsx";
import { reminder } from "#emails/templates/reminder.tsx";
import { sessionCancelled } from "#emails/templates/session-cancelled.tsx";
import { sessionChanged } from "#emails/templates/session-changed.tsx";
import { switched } from "#emails/templates/switched.tsx";
import { waitlisted } from "#emails/templates/waitlisted.tsx";
import { minutesLater, now } from "#tests/fixtures.ts";

/** Every email about somebody's place, by name. */
export const templates = {
	confirmation: (facts) => confirmation(facts, now),
	waitlisted: (facts) => waitlisted(facts, 2, now),
	seated: (facts) => seatedFromWaitlist(facts, now),
	"already-registered": (facts) => alreadyRegistered(facts, now),
	"address-corrected": (facts) => addressCorrected(facts, now),
	cancellation: (facts) => cancellation(facts, "seat", now),
	offered: (facts) => offered(facts, minutesLater(24 * 60), now),
	"offer-lapsed": (facts) => offerLapsed(facts, "an-offer", now),
	switched: (facts) => switched(facts, "mardi 8 décembre", now),
	"gave-seat": (facts) => gaveSeat(facts, now),
	"received-seat": (facts) => receivedSeat(facts, "Noé Côté", now),
	"lost-link": (facts) => lostLink(facts, now),
	reminder: (facts) => reminder(facts, facts.meetings[0]!, now),
	"cancellation of a wait": (facts) => cancellation(facts, "waiting", now),
	"session-changed": (facts) => sessionChanged(facts, "confirmed", earlier(facts), ["when", "where"], now),
	"session-changed for a wait": (facts) =>
		sessionChanged(facts, "waitlisted", earlier(facts), ["when", "where"], now),
	"session-cancelled": (facts) => sessionCancelled(facts, "confirmed", { own: "", others: [] }, now),
	"session-cancelled for a wait": (facts) =>
		sessionCancelled(
			facts,
			"waitlisted",
			{ own: "À bientôt.", others: [facts].map(({ session, meetings }) => ({ ...session, meetings })) },
			now,
		),
} satisfies Record<string, (facts: PlaceFacts) => Message>;

/** The session of these facts as it was announced first: a day before, elsewhere. */
function earlier({ session, meetings }: PlaceFacts) {
	const dayBefore = (at: Date) => new Date(at.getTime() - 24 * 3600 * 1000);
	return {
		session: {
			...session,
			startsAt: dayBefore(session.startsAt),
			place: "Laval",
			address: "",
			online: false,
		},
		meetings: meetings.map((meeting) => ({
			...meeting,
			startsAt: dayBefore(meeting.startsAt),
			endsAt: dayBefore(meeting.endsAt),
		})),
	};
}
