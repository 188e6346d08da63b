import { dictionary } from "#app/i18n/translate.ts";
import type { Firm, Organizer } from "#db/schema.ts";
import { Code, EmailPage, Heading, Paragraph, renderEmail, TextLink, textLines } from "../kit.tsx";
import type { Message } from "../message.ts";

/** The code and the link that let an organizer in. Its body is erased once it is sent. */
export function signInEmail(
	firm: Firm,
	organizer: Organizer,
	signIn: { id: string; code: string; url: string },
): Message {
	const t = dictionary(organizer.locale);
	const subject = t.email.signIn.subject(signIn.code);
	const sender = [firm.name, firm.postalAddress].filter(Boolean).join(" · ");
	return {
		kind: "sign-in",
		dedupeKey: `sign-in:${signIn.id}`,
		owner: { organizerId: organizer.id },
		to: { name: organizer.name, address: organizer.email },
		locale: organizer.locale,
		subject,
		html: renderEmail(
			<EmailPage
				lang={t.lang}
				subject={subject}
				preview={t.email.signIn.intro}
				firmName={firm.name}
				footer={
					<>
						<p style={{ margin: "0 0 8px" }}>{t.email.whySignIn}</p>
						<p style={{ margin: 0 }}>{sender}</p>
					</>
				}
			>
				<Heading>{t.email.signIn.heading}</Heading>
				<Paragraph>{t.email.signIn.intro}</Paragraph>
				<Code>{signIn.code}</Code>
				<Paragraph>
					<TextLink href={signIn.url}>{t.email.signIn.link}</TextLink>
				</Paragraph>
				<Paragraph quiet>{t.email.signIn.notYou}</Paragraph>
			</EmailPage>,
		),
		text: textLines([
			t.email.signIn.heading,
			null,
			t.email.signIn.intro,
			null,
			signIn.code,
			null,
			t.email.signIn.link,
			signIn.url,
			null,
			t.email.signIn.notYou,
			null,
			"--",
			t.email.whySignIn,
			sender,
		]),
	};
}
