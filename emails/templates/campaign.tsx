import { messageIn } from "#app/domain/campaign.ts";
import type { Locale } from "#app/domain/locale.ts";
import { fillVariables } from "#app/domain/placeholders.ts";
import { slugIn, textIn } from "#app/domain/workshop.ts";
import { dayAndTime } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import type { Recipient } from "#db/queries/campaigns.server.ts";
import type { SessionDetails } from "#db/queries/sessions.server.ts";
import type { Campaign, Firm } from "#db/schema.ts";
import { footerOf } from "../footer.tsx";
import { EmailPage, Heading, renderEmail, textLines } from "../kit.tsx";
import { markdownToEmail, markdownToText, plainInMarkdown } from "../markdown.server.ts";
import { type Message, manageUrlPlaceholder } from "../message.ts";

export type CampaignFacts = {
	publicUrl: string;
	firm: Firm;
	campaign: Pick<Campaign, "id" | "audience" | "subjectFr" | "subjectEn" | "bodyFr" | "bodyEn">;
} & SessionDetails;

/** One person's copy of a message to many, in their language and to them alone. */
export function campaignCopy(facts: CampaignFacts, recipient: Recipient): Message {
	const { campaign, firm } = facts;
	const { id: recipientId, name, address, locale, tokenVersion } = recipient;
	const promotional = campaign.audience === "interest";
	return {
		kind: promotional ? "announcement" : "campaign",
		dedupeKey: `campaign:${campaign.id}:${recipientId}`,
		campaignId: campaign.id,
		owner:
			tokenVersion === null ? { interestId: recipientId } : { registrationId: recipientId, tokenVersion },
		to: { name, address },
		locale,
		...campaignBody(facts, { name, locale }),
		replyTo: firm.email || undefined,
	};
}

/** The subject and both bodies, with one reader's values. */
export function campaignBody(
	facts: CampaignFacts,
	reader: { name: string; locale: Locale },
	manageUrl = manageUrlPlaceholder,
): Pick<Message, "subject" | "html" | "text"> {
	const { campaign, firm, publicUrl, session, workshop } = facts;
	const written = messageIn(campaign, reader.locale);
	const t = dictionary(written.lang);
	const promotional = campaign.audience === "interest";
	const slug = slugIn(workshop, written.lang);
	const [date, time] = dayAndTime(session.startsAt, written.lang, session.zone);
	const words = {
		name: reader.name,
		session: textIn(workshop, "title", written.lang).text,
		date,
		time,
		place: session.online ? t.online : [session.place, session.address].filter(Boolean).join(", "),
	};
	const addresses = {
		session_url: publicUrl + paths.workshop(written.lang, slug, session.id),
		manage_url: manageUrl,
	};
	const plain = Object.fromEntries(
		Object.entries(words).map(([variable, value]) => [variable, plainInMarkdown(value)]),
	);
	const subject = fillVariables(written.subject, words);
	const body = fillVariables(written.body, { ...plain, ...addresses });
	const footer = footerOf({
		firm,
		publicUrl,
		locale: written.lang,
		why: promotional ? t.email.whyInterest(firm.name) : t.email.why(firm.name),
		links: promotional ? ["unsubscribe", "preferences"] : ["preferences"],
	});
	return {
		subject,
		html: renderEmail(
			<EmailPage lang={t.lang} subject={subject} preview="" firmName={firm.name} footer={footer.html}>
				<Heading>{subject}</Heading>
				<div dangerouslySetInnerHTML={{ __html: markdownToEmail(body) }} />
			</EmailPage>,
		),
		text: textLines([subject, null, ...markdownToText(body).split("\n"), null, ...footer.text]),
	};
}
