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
type Trouble = {
	/** Emails that were refused since the last alert, and when the last of them was. */
	failed: number;
	lastFailedAt: Date | null;
	/** Texts of emails that cannot be used as they were written. */
	broken: { kind: EditableKind; locale: Locale }[];
	/** Other tools that nothing more is sent to since the last alert, by the names that owners gave them. */
	webhooks: { id: string; name: string; pausedAt: Date }[];
};

/** Two about the same failures and the same texts are one. */
export function alert(firm: Firm, organizer: Organizer, trouble: Trouble, publicUrl: string): Message {
	const { locale } = organizer;
	const t = dictionary(locale);
	const words = t.email.alert;
	const { failed, lastFailedAt, broken, webhooks } = trouble;
	const { kinds, languages } = t.organizer.emailTexts;
	const texts = broken.map((text) => `${kinds[text.kind]}, ${languages[text.locale]}`);
	const sentences = [
		...(failed > 0 ? [words.failed(failed)] : []),
		...(texts.length > 0 ? [words.broken(formatList(texts, locale))] : []),
		...(webhooks.length > 0
			? [
					words.webhooks(
						formatList(
							webhooks.map(({ name }) => name),
							locale,
						),
					),
				]
			: []),
	];
	const [intro = "", ...others] = sentences;
	const aboutMail = failed + texts.length > 0;
	const links = [
		...(failed > 0 ? [{ label: words.open, url: publicUrl + paths.organizer.emails() }] : []),
		...(texts.length > 0 ? [{ label: words.texts, url: publicUrl + paths.organizer.emailTexts() }] : []),
		...(webhooks.length > 0
			? [{ label: words.toWebhooks, url: publicUrl + paths.organizer.webhooks() }]
			: []),
	];
	const [link, ...otherLinks] = links;
	const keys = [
		...broken.map((text) => `${text.kind}.${text.locale}`),
		...webhooks.map(({ id, pausedAt }) => `${id}.${pausedAt.getTime()}`),
	].join();
	return organizerEmail(firm, organizer, {
		kind: "alert",
		dedupeKey: `alert:${organizer.id}:${lastFailedAt?.toISOString() ?? ""}:${keys}`,
		subject: aboutMail ? words.subject : words.webhookSubject,
		heading: aboutMail ? words.heading : words.webhookHeading,
		intro,
		node: (
			<>
				{others.map((sentence) => (
					<Paragraph key={sentence}>{sentence}</Paragraph>
				))}
				{link && <Button href={link.url}>{link.label}</Button>}
				{otherLinks.map(({ label, url }) => (
					<Paragraph key={url}>
						<TextLink href={url}>{label}</TextLink>
					</Paragraph>
				))}
			</>
		),
		lines: [
			...others.flatMap((sentence) => [sentence, null]),
			...links.flatMap(({ label, url }, index) => [...(index > 0 ? [null] : []), label, url]),
		],
		why: words.why(firm.name),
		link: { label: t.email.ownMail, url: publicUrl + paths.organizer.own() },
	});
}
