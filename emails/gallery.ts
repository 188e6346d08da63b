import type { Locale } from "#app/domain/locale.ts";
import { formatDay } from "#app/i18n/format.ts";
import type { Digest } from "#db/queries/digest.server.ts";
import type { Booking, Firm, Organizer } from "#db/schema.ts";
import type { Message } from "./message.ts";
import { addressCorrected } from "./templates/address-corrected.tsx";
import { alert } from "./templates/alert.tsx";
import { alreadyRegistered } from "./templates/already-registered.tsx";
import { attestationEmail } from "./templates/attestation.tsx";
import { campaignCopy } from "./templates/campaign.tsx";
import { cancellation } from "./templates/cancellation.tsx";
import { confirmation, seatedFromWaitlist } from "./templates/confirmation.tsx";
import { weeklyDigest } from "./templates/digest.tsx";
import { erased } from "./templates/erased.tsx";
import { gaveSeat, receivedSeat } from "./templates/given.tsx";
import { groupBooked } from "./templates/group-booked.tsx";
import { groupSessionCancelled, groupSessionChanged } from "./templates/group-told.tsx";
import { invitation } from "./templates/invitation.tsx";
import { lostLink } from "./templates/lost-link.tsx";
import { offered, offerLapsed } from "./templates/offered.tsx";
import type { PlaceFacts } from "./templates/registration-email.tsx";
import { reminder } from "./templates/reminder.tsx";
import { sessionCancelled } from "./templates/session-cancelled.tsx";
import { sessionChanged } from "./templates/session-changed.tsx";
import { sessionConfirmed } from "./templates/session-confirmed.tsx";
import { signInEmail } from "./templates/sign-in.tsx";
import { switched } from "./templates/switched.tsx";
import { testEmail } from "./templates/test-email.tsx";
import { thanks } from "./templates/thanks.tsx";
import { waitlisted } from "./templates/waitlisted.tsx";

const day = 24 * 3600 * 1000;

/** Every email about somebody's place, by name. */
export const placeEmails = {
	confirmation: (facts, now) => confirmation(facts, now),
	"confirmation-tentative": (facts, now) => confirmation({ ...facts, session: tentative(facts) }, now),
	"session-confirmed": (facts, now) => sessionConfirmed(facts, now),
	waitlisted: (facts, now) => waitlisted(facts, 2, now),
	offered: (facts, now) => offered(facts, new Date(now.getTime() + day), now),
	"offer-lapsed": (facts, now) => offerLapsed(facts, "an-offer", now),
	seated: (facts, now) => seatedFromWaitlist(facts, now),
	"already-registered": (facts, now) => alreadyRegistered(facts, now),
	"address-corrected": (facts, now) => addressCorrected(facts, now),
	"lost-link": (facts, now) => lostLink(facts, now),
	switched: (facts, now) => switched(facts, dayBefore(facts), now),
	"gave-seat": (facts, now) => gaveSeat(facts, now),
	"received-seat": (facts, now) => receivedSeat(facts, "Maïté L’Écuyer", now),
	"session-changed": (facts, now) =>
		sessionChanged(facts, "confirmed", earlier(facts), ["when", "where"], now),
	"session-changed-waiting": (facts, now) =>
		sessionChanged(facts, "waitlisted", earlier(facts), ["when", "where"], now),
	"session-cancelled": (facts, now) => sessionCancelled(facts, "confirmed", { own: "", others: [] }, now),
	"session-cancelled-waiting": (facts, now) =>
		sessionCancelled(
			facts,
			"waitlisted",
			{ own: "À bientôt.", others: [{ ...facts.session, meetings: facts.meetings }] },
			now,
		),
	cancellation: (facts, now) => cancellation(facts, "seat", now),
	"cancellation-waiting": (facts, now) => cancellation(facts, "waiting", now),
	erased: (facts, now) => erased(facts, "seat", now),
	"erased-past": (facts, now) => erased(facts, null, now),
	reminder: (facts, now) => reminder(facts, facts.meetings[0]!, "a-reminder", now),
	thanks: (facts, now) => thanks(facts, now),
	attestation: (facts, now) => attestationEmail(facts, { id: "an-attestation", minutes: 360 }, now),
	"thanks-feedback": (facts, now) => thanks({ ...facts, session: withFeedback(facts) }, now),
} satisfies Record<string, (facts: PlaceFacts, now: Date) => Message>;

/** Every email that the site can send, by name, made from one person's place: to look at them side by side. */
export function everyEmail(
	place: PlaceFacts & { firm: Firm; booking: Booking },
	someone: Organizer,
	locale: Locale,
	now: Date,
): Record<string, Message> {
	const facts = { ...place, registration: { ...place.registration, locale } };
	const aboutPlace = Object.entries(placeEmails).map(([name, email]) => [name, email(facts, now)]);
	return {
		...(Object.fromEntries(aboutPlace) as Record<keyof typeof placeEmails, Message>),
		...toMany({ ...place, ...facts }),
		...toOrganizers(facts, { ...someone, locale }),
	};
}

function toMany(facts: PlaceFacts & { booking: Booking }): Record<string, Message> {
	const { booking, registration } = facts;
	const { locale } = registration;
	const names = ["Zoé Roy", "Éloïse Tremblay", "Samuel Côté"];
	const registrations = names.map((name) => ({
		...registration,
		sessionId: booking.sessionId,
		name,
		status: "confirmed" as const,
		shownAs: null,
	}));
	const recipient = { ...registration, address: registration.email ?? booking.contactEmail };
	const campaign = {
		id: "campaign",
		audience: "confirmed" as const,
		subjectFr: "Changement de salle",
		subjectEn: "Another room",
		bodyFr:
			"Bonjour {{name}},\n\nLa salle change :\n\n- entrée par la **rue Berri**;\n- 2e étage.\n\nUn empêchement? {{manage_url}}",
		bodyEn:
			"Hello {{name}},\n\nThe room changes:\n\n- enter by **Berri Street**;\n- 2nd floor.\n\nPlans changed? {{manage_url}}",
	};
	const announcement = {
		id: "news",
		audience: "interest" as const,
		subjectFr: "Nouvelle date : {{session}}",
		subjectEn: "New date: {{session}}",
		bodyFr: "Une nouvelle date s’ouvre, {{date}}.\n\n{{session_url}}",
		bodyEn: "A new date opens, {{date}}.\n\n{{session_url}}",
	};
	const group = { ...facts, booking: { ...booking, contactLocale: locale } };
	return {
		"group-booked": groupBooked({ ...group, registrations }),
		"group-session-changed": groupSessionChanged({ ...group, names }, earlier(facts), ["when", "where"]),
		"group-session-cancelled": groupSessionCancelled({ ...group, names }, "À bientôt."),
		campaign: campaignCopy({ ...facts, campaign }, recipient),
		announcement: campaignCopy({ ...facts, campaign: announcement }, { ...recipient, tokenVersion: null }),
	};
}

function toOrganizers(facts: PlaceFacts, organizer: Organizer): Record<string, Message> {
	const { firm, publicUrl, session, workshop } = facts;
	const { publishedAt: workshopPublishedAt, archivedAt: workshopArchivedAt } = workshop;
	const shown = { revision: 1, meetings: facts.meetings, workshopPublishedAt, workshopArchivedAt };
	const date = { ...session, ...workshop, id: session.id, ...shown };
	const seats = { capacity: 30, seatsWaiting: 0, newThisWeek: 3 };
	const digest: Digest = {
		week: { registered: 12, cancelled: 2 },
		failed: 1,
		waiting: 4,
		others: 1,
		dates: [
			{ ...date, ...seats, ...dates(session), seatsTaken: 18, missing: 0 },
			{ ...date, ...seats, ...dates(session, 7), seatsTaken: 30, seatsWaiting: 4, missing: 0 },
			{ ...date, ...seats, ...dates(session, 70), seatsTaken: 5, newThisWeek: 0, missing: 3 },
		],
	};
	const broken = [{ kind: "reminder" as const, locale: "fr" as const }];
	const failures = { failed: 2, lastFailedAt: session.createdAt };
	const webhooks = [{ id: "webhook", name: "CRM", pausedAt: session.createdAt }];
	const stopped = { failed: 0, lastFailedAt: null, broken: [], webhooks };
	const signIn = { id: "sign-in", code: "048213", url: `${publicUrl}/organizer` };
	return {
		digest: weeklyDigest(firm, organizer, digest, "2026-11-27", publicUrl),
		alert: alert(firm, organizer, { ...failures, broken: [], webhooks: [] }, publicUrl),
		"alert-text": alert(firm, organizer, { ...failures, broken, webhooks: [] }, publicUrl),
		"alert-webhook": alert(firm, organizer, stopped, publicUrl),
		invitation: invitation(firm, organizer, { ...organizer, name: "Hélène Massicotte" }, publicUrl),
		"sign-in": signInEmail(firm, organizer, signIn),
		test: testEmail(firm, organizer),
	};
}

function dates({ id, startsAt, endsAt }: PlaceFacts["session"], days = 0) {
	const later = (at: Date) => new Date(at.getTime() + days * day);
	return { id: `${id}${days}`, startsAt: later(startsAt), endsAt: later(endsAt) };
}

function tentative({ session }: PlaceFacts) {
	return { ...session, tentative: true, minimum: session.seatsTaken + 8 };
}

function withFeedback({ session }: PlaceFacts) {
	return { ...session, feedbackUrl: "https://avis.exemple.ca/decembre" };
}

/** « mardi 8 décembre », a week before the date that the place now has. */
function dayBefore({ session, registration }: PlaceFacts): string {
	const at = new Date(session.startsAt.getTime() - 7 * day);
	return formatDay(at, registration.locale, session.zone, { year: false });
}

/** The session of these facts as it was announced first: a day before, elsewhere. */
function earlier({ session, meetings }: PlaceFacts) {
	const before = (at: Date) => new Date(at.getTime() - day);
	const place = { place: "Laval", address: "", online: false };
	return {
		session: { ...session, ...place, startsAt: before(session.startsAt) },
		meetings: meetings.map((meeting) => ({
			...meeting,
			startsAt: before(meeting.startsAt),
			endsAt: before(meeting.endsAt),
		})),
	};
}
