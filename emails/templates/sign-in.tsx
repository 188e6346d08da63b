import { dictionary } from "#app/i18n/translate.ts";
import type { Firm, Organizer } from "#db/schema.ts";
import { Code, Paragraph, TextLink } from "../kit.tsx";
import type { Message } from "../message.ts";
import { organizerEmail } from "./organizer-email.tsx";

/** The code and the link that let an organizer in. Its body is erased once it is sent. */
export function signInEmail(
	firm: Firm,
	organizer: Organizer,
	signIn: { id: string; code: string; url: string },
): Message {
	const { signIn: words, whySignIn } = dictionary(organizer.locale).email;
	return organizerEmail(firm, organizer, {
		kind: "sign-in",
		dedupeKey: `sign-in:${signIn.id}`,
		subject: words.subject(signIn.code),
		heading: words.heading,
		intro: words.intro,
		node: (
			<>
				<Code>{signIn.code}</Code>
				<Paragraph>
					<TextLink href={signIn.url}>{words.link}</TextLink>
				</Paragraph>
			</>
		),
		lines: [signIn.code, null, words.link, signIn.url],
		hint: words.notYou,
		why: whySignIn,
	});
}
