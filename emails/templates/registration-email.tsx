import type { ReactNode } from "react";
import type { Locale } from "#app/domain/locale.ts";
import { showReference } from "#app/domain/reference.ts";
import { textIn } from "#app/domain/workshop.ts";
import { calendar } from "#app/exports/ics.server.ts";
import { capitalize, formatDay, formatTime, formatWhen, formatZone } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import type { Firm, Meeting, SessionRow, Workshop } from "#db/schema.ts";
import { footerOf } from "../footer.tsx";
import { Button, EmailPage, Heading, Paragraph, renderEmail, TextLink, Ticket, textLines } from "../kit.tsx";
import { type Message, manageUrlPlaceholder } from "../message.ts";

/** What every email about one person's place is made from. */
export type PlaceFacts = {
	publicUrl: string;
	mailAddress: string;
	firm: Firm;
	session: SessionRow;
	workshop: Workshop;
	meetings: Meeting[];
	booking: { id: string; reference: string };
	registration: {
		id: string;
		name: string;
		email: string;
		locale: Locale;
		calendarUid: string;
		calendarSequence: number;
		tokenVersion: number;
	};
};

/** What one message says around the ticket; the frame is the same for all of them. */
export type PlaceWords = {
	kind: Message["kind"];
	dedupeKey: string;
	subject: string;
	heading: string;
	paragraphs: string[];
	/** Shown to confirmed people only. */
	joinUrl?: string;
	/** What to bring, one thing a line. */
	bring?: string[];
	link: { label: string; url: string };
	linkHint?: string;
	calendar?: "PUBLISH" | "CANCEL";
	expiresAt?: Date;
	now: Date;
};

/** The date, time, title and place of a registration, in the person's language. */
export function describePlace(facts: PlaceFacts) {
	const { session, workshop, meetings, registration } = facts;
	const { locale } = registration;
	const t = dictionary(locale);
	const zoneNote = session.online ? ` (${formatZone(session.startsAt, locale, session.zone)})` : "";
	return {
		t,
		locale,
		title: textIn(workshop, "title", locale).text,
		day: formatDay(session.startsAt, locale, session.zone, { year: false }),
		time: formatTime(session.startsAt, locale, session.zone),
		when: capitalize(formatWhen(meetings, locale, session.zone), locale) + zoneNote,
		where: session.online ? t.online : [session.place, session.address].filter(Boolean).join("\n"),
		workshopUrl: `${facts.publicUrl}${paths.workshop(locale, locale === "fr" ? workshop.slugFr : workshop.slugEn)}`,
	};
}

/** Renders one message about a person's place: HTML, text and, where it belongs, the calendar entry. */
export function registrationEmail(facts: PlaceFacts, words: PlaceWords): Message {
	const { firm, registration, booking } = facts;
	const place = describePlace(facts);
	const { t, locale } = place;
	const reference = showReference(booking.reference);
	const rows: { label: string; value: string; node?: ReactNode }[] = [
		{ label: t.email.when, value: place.when },
		{ label: t.booked.workshop, value: place.title },
		{ label: t.email.where, value: place.where, node: <Lines text={place.where} /> },
		{ label: t.email.name, value: registration.name },
		{ label: t.email.reference, value: reference },
	];
	if (words.joinUrl) {
		rows.splice(3, 0, {
			label: t.email.join,
			value: words.joinUrl,
			node: <TextLink href={words.joinUrl}>{words.joinUrl}</TextLink>,
		});
	}
	if (words.bring?.length) {
		const value = words.bring.join("\n");
		rows.push({ label: t.workshop.bring, value, node: <Lines text={value} /> });
	}
	const footer = footerOf({
		firm,
		publicUrl: facts.publicUrl,
		locale,
		why: t.email.why(firm.name),
		links: ["preferences"],
	});

	const html = renderEmail(
		<EmailPage
			lang={t.lang}
			subject={words.subject}
			preview={words.paragraphs[0] ?? ""}
			firmName={firm.name}
			footer={footer.html}
		>
			<Heading>{words.heading}</Heading>
			{words.paragraphs.map((paragraph) => (
				<Paragraph key={paragraph}>{paragraph}</Paragraph>
			))}
			<Ticket rows={rows.map(({ label, value, node }) => ({ label, value: node ?? value }))} />
			<Button href={words.link.url}>{words.link.label}</Button>
			{words.linkHint && <Paragraph quiet>{words.linkHint}</Paragraph>}
		</EmailPage>,
	);

	const colon = locale === "fr" ? "\u00a0:" : ":";
	const text = textLines([
		words.heading,
		null,
		...words.paragraphs.flatMap((paragraph) => [paragraph, null]),
		...rows.map((row) => `${row.label}${colon} ${row.value.replaceAll("\n", ", ")}`),
		null,
		`${words.link.label}${colon}`,
		words.link.url,
		words.linkHint ? words.linkHint : false,
		null,
		...footer.text,
	]);

	return {
		kind: words.kind,
		dedupeKey: words.dedupeKey,
		owner: { registrationId: registration.id, tokenVersion: registration.tokenVersion },
		to: { name: registration.name, address: registration.email },
		locale,
		subject: words.subject,
		html,
		text,
		replyTo: firm.email || undefined,
		expiresAt: words.expiresAt,
		calendar: words.calendar && {
			method: words.calendar,
			content: placeCalendar(facts, words.calendar, words.now, words.joinUrl),
		},
	};
}

/** The calendar entry of one registration: its UID never changes, its SEQUENCE rises (RFC 5545 §3.8.7.4). */
export function placeCalendar(
	facts: PlaceFacts,
	method: "PUBLISH" | "CANCEL",
	now: Date,
	joinUrl?: string,
): string {
	const { firm, session, meetings, registration, booking } = facts;
	const place = describePlace(facts);
	const { t } = place;
	return calendar({
		method,
		events: [
			{
				uid: registration.calendarUid,
				sequence: registration.calendarSequence,
				summary: place.title,
				description: [t.calendarDescription(showReference(booking.reference)), joinUrl, place.workshopUrl]
					.filter(Boolean)
					.join("\n"),
				location: session.online ? (joinUrl ?? t.online) : place.where.replaceAll("\n", ", "),
				url: place.workshopUrl,
				organizerName: firm.name,
				organizerEmail: firm.email || facts.mailAddress,
				stamp: now,
				status: method === "CANCEL" ? "CANCELLED" : "CONFIRMED",
				zone: session.zone,
				meetings,
			},
		],
	});
}

/** The link to the person's own page, still a placeholder: it is filled in at delivery. */
export function manageLink(label: string): { label: string; url: string } {
	return { label, url: manageUrlPlaceholder };
}

function Lines({ text }: { text: string }) {
	return text.split("\n").map((line) => (
		<span key={line} style={{ display: "block" }}>
			{line}
		</span>
	));
}
