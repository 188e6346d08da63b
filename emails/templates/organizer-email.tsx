import type { ReactNode } from "react";
import { dictionary } from "#app/i18n/translate.ts";
import type { Firm, Organizer } from "#db/schema.ts";
import { EmailPage, Heading, Paragraph, renderEmail, TextLink, textLines } from "../kit.tsx";
import type { Message } from "../message.ts";

/** Renders one message to an organizer. `node` is what HTML shows where the text has `lines`. */
export function organizerEmail(
	firm: Firm,
	organizer: Organizer,
	words: Pick<Message, "kind" | "dedupeKey" | "subject"> & {
		heading: string;
		intro: string;
		node: ReactNode;
		lines: (string | null | false)[];
		/** Said quietly, below what there is to do. */
		hint?: string;
		why: string;
		/** Where the reader says that they want no more of them. */
		link?: { label: string; url: string };
	},
): Message {
	const t = dictionary(organizer.locale);
	const { kind, dedupeKey, subject, heading, intro, hint, why, link } = words;
	const sender = [firm.name, firm.postalAddress].filter(Boolean).join(" · ");
	return {
		kind,
		dedupeKey,
		owner: { organizerId: organizer.id },
		to: { name: organizer.name, address: organizer.email },
		locale: organizer.locale,
		subject,
		html: renderEmail(
			<EmailPage
				lang={t.lang}
				subject={subject}
				preview={intro}
				firmName={firm.name}
				footer={
					<>
						<p style={{ margin: "0 0 8px" }}>{why}</p>
						<p style={{ margin: "0 0 8px" }}>{sender}</p>
						{link && (
							<p style={{ margin: 0 }}>
								<TextLink href={link.url}>{link.label}</TextLink>
							</p>
						)}
					</>
				}
			>
				<Heading>{heading}</Heading>
				<Paragraph>{intro}</Paragraph>
				{words.node}
				{hint && <Paragraph quiet>{hint}</Paragraph>}
			</EmailPage>,
		),
		text: textLines([
			heading,
			null,
			intro,
			null,
			...words.lines,
			null,
			...(hint ? [hint, null] : []),
			"--",
			why,
			sender,
			link ? `${link.label}${organizer.locale === "fr" ? "\u00a0:" : ":"} ${link.url}` : false,
		]),
	};
}
