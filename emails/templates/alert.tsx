import type { EditableKind } from "#app/domain/email-texts.ts";
import type { Locale } from "#app/domain/locale.ts";
import { formatList } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import type { Firm, Organizer } from "#db/schema.ts";
import { Button, Paragraph, TextLink } from "../kit.tsx";
import type { Message } from "../message.ts";
import { organizerEmail } from "./organizer-email.tsx";

/** What an organizer is told without waiting for Friday. Nobody is named: the back office says who. */
export type Trouble = {
	/** Emails that were refused since the last alert, and when the last of them was. */
	failed: number;
	lastFailedAt: Date | null;
	/** Texts of emails that cannot be used as they were written. */
	broken: { kind: EditableKind; locale: Locale }[];
};

/** Two about the same failures and the same texts are one. */
export function alert(firm: Firm, organizer: Organizer, trouble: Trouble, publicUrl: string): Message {
	const { locale } = organizer;
	const t = dictionary(locale);
	const words = t.email.alert;
	const { failed, lastFailedAt, broken } = trouble;
	const { kinds, languages } = t.organizer.emailTexts;
	const texts = broken.map((text) => `${kinds[text.kind]}, ${languages[text.locale]}`);
	const sentences = [
		...(failed > 0 ? [words.failed(failed)] : []),
		...(texts.length > 0 ? [words.broken(formatList(texts, locale))] : []),
	];
	const [intro = "", ...others] = sentences;
	const emails = `${publicUrl}${paths.organizer.emails()}`;
	const mend = texts.length > 0 && { label: words.texts, url: publicUrl + paths.organizer.emailTexts() };
	const link = failed > 0 || !mend ? { label: words.open, url: emails } : mend;
	const keys = broken.map((text) => `${text.kind}.${text.locale}`).join();
	return organizerEmail(firm, organizer, {
		kind: "alert",
		dedupeKey: `alert:${organizer.id}:${lastFailedAt?.toISOString() ?? ""}:${keys}`,
		subject: words.subject,
		heading: words.heading,
		intro,
		node: (
			<>
				{others.map((sentence) => (
					<Paragraph key={sentence}>{sentence}</Paragraph>
				))}
				<Button href={link.url}>{link.label}</Button>
				{mend && mend !== link && (
					<Paragraph>
						<TextLink href={mend.url}>{mend.label}</TextLink>
					</Paragraph>
				)}
			</>
		),
		lines: [
			...others.flatMap((sentence) => [sentence, null]),
			link.label,
			link.url,
			...(mend && mend !== link ? [null, mend.label, mend.url] : []),
		],
		why: words.why(firm.name),
		link: { label: t.email.ownMail, url: publicUrl + paths.organizer.own() },
	});
}
