import type { Message } from "#emails/message.ts";
import { addressCorrected } from "#emails/templates/address-corrected.tsx";
import { alreadyRegistered } from "#emails/templates/already-registered.tsx";
import { cancellation } from "#emails/templates/cancellation.tsx";
import { confirmation, seatedFromWaitlist } from "#emails/templates/confirmation.tsx";
import type { PlaceFacts } from "#emails/templates/registration-email.tsx";
import { reminder } from "#emails/templates/reminder.tsx";
import { waitlisted } from "#emails/templates/waitlisted.tsx";
import { now } from "#tests/fixtures.ts";

/** Every email about somebody's place, by name. */
export const templates = {
	confirmation: (facts) => confirmation(facts, now),
	waitlisted: (facts) => waitlisted(facts, 2, now),
	seated: (facts) => seatedFromWaitlist(facts, now),
	"already-registered": (facts) => alreadyRegistered(facts, now),
	"address-corrected": (facts) => addressCorrected(facts, now),
	cancellation: (facts) => cancellation(facts, "seat", now),
	reminder: (facts) => reminder(facts, facts.meetings[0]!, now),
	"cancellation of a wait": (facts) => cancellation(facts, "waiting", now),
} satisfies Record<string, (facts: PlaceFacts) => Message>;
