import type { activeStatuses } from "#app/domain/registration.ts";
import { slugIn } from "#app/domain/workshop.ts";
import { capitalize, formatWhen } from "#app/i18n/format.ts";
import { paths } from "#app/paths.ts";
import type { ShownSession } from "#db/queries/sessions.server.ts";
import type { Message } from "../message.ts";
import { describePlace, type PlaceFacts, registrationEmail } from "./registration-email.tsx";

/**
 * Tells one person that the date they held or waited for is cancelled, in the organizer's own words if there are some,
 * with the other dates they can have. A seat's calendar entry is withdrawn.
 */
export function sessionCancelled(
	facts: PlaceFacts,
	was: (typeof activeStatuses)[number],
	more: { own: string; others: ShownSession[] },
	now: Date,
): Message {
	const { t, locale, title, day, workshopUrl } = describePlace(facts);
	const words = t.email.sessionCancelled;
	const { workshop, publicUrl } = facts;
	const slug = slugIn(workshop, locale);
	const own = more.own.split(/\n+/).filter(Boolean);
	return registrationEmail(facts, {
		kind: "session-cancelled",
		dedupeKey: `session-cancelled:${facts.registration.id}`,
		subject: words.subject(title, day),
		heading: words.heading(day),
		paragraphs: [was === "confirmed" ? words.intro : words.introWaiting],
		notes: own,
		fixed: was !== "confirmed",
		links: more.others.length > 0 && {
			heading: words.others,
			links: more.others.map((other) => ({
				label: capitalize(formatWhen(other.meetings, locale, other.zone), locale),
				note: other.online ? t.online : other.place,
				url: publicUrl + paths.register(locale, slug, other.id),
			})),
		},
		link: { label: t.email.cancellation.again, url: workshopUrl },
		calendar: was === "confirmed" ? "CANCEL" : undefined,
		now,
	});
}
