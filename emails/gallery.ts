import type { Locale } from "#app/domain/locale.ts";
import type { Booking, Firm, Organizer } from "#db/schema.ts";
import type { Message } from "./message.ts";
import { addressCorrected } from "./templates/address-corrected.tsx";
import { alreadyRegistered } from "./templates/already-registered.tsx";
import { campaignCopy } from "./templates/campaign.tsx";
import { cancellation } from "./templates/cancellation.tsx";
import { confirmation, seatedFromWaitlist } from "./templates/confirmation.tsx";
import { gaveSeat, receivedSeat } from "./templates/given.tsx";
import { groupBooked } from "./templates/group-booked.tsx";
import { lostLink } from "./templates/lost-link.tsx";
import { offered, offerLapsed } from "./templates/offered.tsx";
import type { PlaceFacts } from "./templates/registration-email.tsx";
import { reminder } from "./templates/reminder.tsx";
import { signInEmail } from "./templates/sign-in.tsx";
import { switched } from "./templates/switched.tsx";
import { testEmail } from "./templates/test-email.tsx";
import { waitlisted } from "./templates/waitlisted.tsx";

const day = 24 * 3600 * 1000;
const french =
	"Bonjour {{name}},\n\nLa salle change :\n\n- entrée par la **rue Berri**;\n- 2e étage.\n\nUn empêchement? {{manage_url}}";
const english =
	"Hello {{name}},\n\nThe room changes:\n\n- enter by **Berri Street**;\n- 2nd floor.\n\nPlans changed? {{manage_url}}";
const news = {
	fr: "Une nouvelle date s’ouvre, {{date}}.\n\n{{session_url}}",
	en: "A new date opens, {{date}}.\n\n{{session_url}}",
};

/** Every email that the site can send, by name, made from one person's place: to look at them side by side. */
export function everyEmail(
	place: PlaceFacts & { firm: Firm; booking: Booking },
	someone: Organizer,
	locale: Locale,
	now: Date,
): Record<string, Message> {
	const facts = { ...place, registration: { ...place.registration, locale } };
	const organizer = { ...someone, locale };
	const registrations = ["Zoé Roy", "Éloïse Tremblay", "Samuel Côté"].map((name) => ({
		name,
		status: "confirmed" as const,
		shownAs: null,
	}));
	const recipient = {
		...facts.registration,
		address: facts.registration.email ?? facts.booking.contactEmail,
	};
	const campaign = { id: "campaign", audience: "confirmed" as const, bodyFr: french, bodyEn: english };
	const subjects = { subjectFr: "Changement de salle", subjectEn: "Another room" };
	const announcement = { id: "news", audience: "interest" as const, bodyFr: news.fr, bodyEn: news.en };
	const titles = { subjectFr: "Nouvelle date : {{session}}", subjectEn: "New date: {{session}}" };
	return {
		confirmation: confirmation(facts, now),
		"group-booked": groupBooked({
			...facts,
			booking: { ...facts.booking, contactLocale: locale },
			registrations,
		}),
		waitlisted: waitlisted(facts, 2, now),
		seated: seatedFromWaitlist(facts, now),
		offered: offered(facts, new Date(now.getTime() + day), now),
		"offer-lapsed": offerLapsed(facts, "offer", now),
		"already-registered": alreadyRegistered(facts, now),
		"lost-link": lostLink(facts, now),
		"address-corrected": addressCorrected(facts, now),
		switched: switched(facts, locale === "fr" ? "mardi 8 décembre" : "Tuesday, December 8", now),
		"gave-seat": gaveSeat(facts, now),
		"received-seat": receivedSeat(facts, "Maïté L’Écuyer", now),
		reminder: reminder(facts, facts.meetings[0]!, now),
		cancellation: cancellation(facts, "seat", now),
		"cancellation-waiting": cancellation(facts, "waiting", now),
		campaign: campaignCopy({ ...facts, campaign: { ...campaign, ...subjects } }, recipient),
		announcement: campaignCopy(
			{ ...facts, campaign: { ...announcement, ...titles } },
			{ ...recipient, tokenVersion: null },
		),
		"sign-in": signInEmail(facts.firm, organizer, {
			id: "sign-in",
			code: "048213",
			url: `${facts.publicUrl}/organizer`,
		}),
		test: testEmail(facts.firm, organizer),
	};
}
