import type { Message } from "../message.ts";
import { describePlace, manageLink, type PlaceFacts, registrationEmail } from "./registration-email.tsx";

/** What makes two of them the same one: nobody is thanked twice for a date, and who moved to another one is for that too. */
export const thanksPrefix = "thanks:";

/** The morning after: thanks, and where to say what one thought of it, if there is such a page. */
export function thanks(facts: PlaceFacts, now: Date): Message {
	const { t, title } = describePlace(facts);
	const words = t.email.thanks;
	const feedbackUrl = facts.session.feedbackUrl || facts.workshop.feedbackUrl;
	return registrationEmail(facts, {
		kind: "thanks",
		dedupeKey: `${thanksPrefix}${facts.registration.id}:${facts.session.id}`,
		subject: words.subject(title),
		heading: words.heading,
		paragraphs: [words.intro],
		notes: feedbackUrl ? [words.feedbackIntro] : [],
		link: feedbackUrl ? { label: words.feedback, url: feedbackUrl } : manageLink(words.place),
		now,
	});
}
