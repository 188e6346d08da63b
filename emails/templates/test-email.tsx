import { dictionary } from "#app/i18n/translate.ts";
import { newId } from "#db/id.ts";
import type { Firm, Organizer } from "#db/schema.ts";
import { EmailPage, Heading, Paragraph, renderEmail, textLines } from "../kit.tsx";
import type { Message } from "../message.ts";

/** « Si vous lisez ceci, vos courriels partent »: what an organizer sends to themselves to see that mail goes out. */
export function testEmail(firm: Firm, organizer: Organizer): Message {
	const t = dictionary(organizer.locale);
	const words = t.email.test;
	const sender = [firm.name, firm.postalAddress].filter(Boolean).join(" · ");
	return {
		kind: "test",
		dedupeKey: `test:${newId()}`,
		owner: { organizerId: organizer.id },
		to: { name: organizer.name, address: organizer.email },
		locale: organizer.locale,
		subject: words.subject,
		html: renderEmail(
			<EmailPage
				lang={t.lang}
				subject={words.subject}
				preview={words.intro}
				firmName={firm.name}
				footer={sender}
			>
				<Heading>{words.heading}</Heading>
				<Paragraph>{words.intro}</Paragraph>
			</EmailPage>,
		),
		text: textLines([words.heading, null, words.intro, null, "--", sender]),
		replyTo: firm.email || undefined,
	};
}
