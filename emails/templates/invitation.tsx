import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import type { Firm, Organizer } from "#db/schema.ts";
import { Button } from "../kit.tsx";
import type { Message } from "../message.ts";
import { organizerEmail } from "./organizer-email.tsx";

/** Tells somebody that they may sign in, with what role, and how. It holds nothing that lets its reader in. */
export function invitation(firm: Firm, invited: Organizer, by: Organizer, publicUrl: string): Message {
	const t = dictionary(invited.locale);
	const words = t.email.invitation;
	const url = `${publicUrl}${paths.organizer.signIn(invited.locale)}`;
	return organizerEmail(firm, invited, {
		kind: "invitation",
		dedupeKey: `invitation:${invited.id}`,
		subject: words.subject(firm.name),
		heading: words.heading,
		intro: words.intro(by.name, firm.name, t.organizer.people.roles[invited.role]),
		node: <Button href={url}>{words.signIn}</Button>,
		lines: [words.signIn, url],
		hint: words.hint(invited.email),
		why: words.why(firm.name),
	});
}
