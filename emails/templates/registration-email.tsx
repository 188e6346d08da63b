import type { ReactNode } from "react";
import { wordsFor } from "#app/domain/email-texts.ts";
import type { Locale } from "#app/domain/locale.ts";
import { showReference } from "#app/domain/reference.ts";
import { mayStillCancel, mayStillGive, tentativeUntil } from "#app/domain/session.ts";
import type { Priced } from "#app/domain/taxes.ts";
import { slugIn, textIn } from "#app/domain/workshop.ts";
import { type CalendarEvent, calendar } from "#app/exports/ics.server.ts";
import { amountRows } from "#app/i18n/amounts.ts";
import { deadlineRows } from "#app/i18n/deadlines.ts";
import { capitalize, formatDay, formatTime, formatWhen } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { zoneNote } from "#app/i18n/zone-note.ts";
import { paths } from "#app/paths.ts";
import type { Firm, Meeting, SessionRow, Workshop } from "#db/schema.ts";
import { footerOf } from "../footer.tsx";
import {
	Button,
	type Change,
	Changes,
	EmailPage,
	Heading,
	Paragraph,
	renderEmail,
	TextLink,
	Ticket,
	textLines,
} from "../kit.tsx";
import { type Message, manageUrlPlaceholder } from "../message.ts";

/** What every email about a date is made from. */
export type DateFacts = {
	publicUrl: string;
	mailAddress: string;
	firm: Firm;
	session: SessionRow;
	workshop: Workshop;
	meetings: Meeting[];
};

/** What every email about one person's place is made from. */
export type PlaceFacts = DateFacts & {
	booking: { id: string; reference: string; contactName: string; contactEmail: string };
	registration: {
		id: string;
		name: string;
		/** Without one, the booking's contact is written to. */
		email: string | null;
		locale: Locale;
		calendarUid: string;
		calendarSequence: number;
		tokenVersion: number;
	} & Priced;
};

/** What one message says around the ticket; the frame is the same for all of them. */
export type PlaceWords = {
	kind: Message["kind"];
	dedupeKey: string;
	subject: string;
	heading: string;
	paragraphs: string[];
	/** What is said after them in any case, whoever wrote those. */
	notes?: string[];
	/** What is no longer as it was said before. */
	changes?: Change[];
	/** Shown to confirmed people only. */
	joinUrl?: string;
	/** Other pages that may help, each on a line of its own. */
	links?: false | { heading: string; links: { label: string; note: string; url: string }[] };
	/** What to bring, one thing a line. */
	bring?: string[];
	link: { label: string; url: string };
	linkHint?: string;
	/** Whether its words are not those that an organizer may change, though its kind is. */
	fixed?: boolean;
	/** What an organizer's own words may name, beside the date and the place. */
	values?: Record<string, string>;
	/** The day and hour of the meeting that it speaks of, when that is not the first. */
	meeting?: { day: string; time: string };
	calendar?: "PUBLISH" | "CANCEL";
	expiresAt?: Date;
	/** Whether nothing more is known of its reader, nor what they want to receive. */
	last?: boolean;
	/** Meetings that an earlier calendar entry had after the last one of now. */
	droppedMeetings?: Meeting[];
	now: Date;
};

/** The date, time, title and place of a registration, in the person's language. */
export function describePlace(facts: PlaceFacts) {
	return describeDate(facts, facts.registration.locale);
}

/** The same of a date alone, in the language of whoever reads. */
export function describeDate(facts: DateFacts, locale: Locale) {
	const { session, workshop, meetings } = facts;
	const t = dictionary(locale);
	const zone = zoneNote(session, locale, facts.firm.defaultZone);
	return {
		t,
		locale,
		title: textIn(workshop, "title", locale).text,
		day: formatDay(session.startsAt, locale, session.zone, { year: false }),
		time: formatTime(session.startsAt, locale, session.zone),
		when: capitalize(formatWhen(meetings, locale, session.zone), locale) + (zone && ` (${zone})`),
		where: session.online ? t.online : [session.place, session.address].filter(Boolean).join("\n"),
		workshopUrl: `${facts.publicUrl}${paths.workshop(locale, slugIn(workshop, locale))}`,
	};
}

/** A line of the ticket: `node` where HTML says it otherwise than text. */
type TicketRow = { label: string; value: string; node?: ReactNode; apart?: boolean };

/** Renders one message about a person's place: HTML, text and, where it belongs, the calendar entry. */
export function registrationEmail(facts: PlaceFacts, words: PlaceWords): Message {
	const { registration, booking, firm } = facts;
	const place = describePlace(facts);
	const { t, locale } = place;
	const seated = words.calendar === "PUBLISH";
	const values = {
		...dateValues(place, words.meeting),
		name: registration.name,
		...words.values,
	};
	const said = words.fixed ? words : wordsFor(firm.emailTexts, { kind: words.kind, locale }, words, values);
	const minimum = seated ? tentativeUntil(facts.session, words.now) : null;
	const notes = [...(minimum ? [t.email.tentative(minimum)] : []), ...(words.notes ?? [])];
	const rows = dateRows(place, words.joinUrl);
	rows.push(
		{ label: t.email.name, value: registration.name, apart: true },
		{ label: t.email.reference, value: showReference(booking.reference) },
	);
	if (seated && words.kind !== "reminder") rows.push(...amountRows([registration], firm, locale));
	if (seated) rows.push(...deadlineRows(facts.session, locale));
	if (words.bring?.length) {
		const value = words.bring.join("\n");
		rows.push({ label: t.workshop.bring, value, node: <Lines text={value} /> });
	}
	const linkHint = (seated && lateHint(facts, locale, words.now)) || words.linkHint;
	const invites = firm.calendarInvitations && facts.meetings.length === 1 && !words.droppedMeetings?.length;
	const method = words.calendar === "PUBLISH" && invites ? "REQUEST" : words.calendar;
	return {
		...ticketEmail(
			facts,
			{ ...words, ...said, paragraphs: [...said.paragraphs, ...notes], linkHint },
			rows,
			locale,
		),
		...ownerAndReader(registration, booking),
		calendar: method && {
			method,
			content: placeCalendar(facts, method, words.now, words.joinUrl, words.droppedMeetings),
		},
	};
}

/** What the link of a seat is good for once it is too late to cancel online; null before. */
function lateHint({ session, firm }: PlaceFacts, locale: Locale, now: Date): string | null {
	if (mayStillCancel(session, now)) return null;
	const { tooLate, waitlisted } = dictionary(locale).email;
	if (mayStillGive(session, now)) return tooLate.give;
	return firm.email ? tooLate.write : waitlisted.manageHint;
}

/** What an organizer's own words can say of a date. */
export function dateValues(
	date: Pick<ReturnType<typeof describeDate>, "title" | "day" | "time" | "where">,
	meeting: { day: string; time: string } = date,
) {
	return {
		session: date.title,
		date: meeting.day,
		time: meeting.time,
		place: date.where.replaceAll("\n", ", "),
	};
}

/** Whose place a message is about, and who reads it: the booking's contact where the person has no address. */
export function ownerAndReader(
	{ id, tokenVersion, name, email }: PlaceFacts["registration"],
	{ contactName, contactEmail }: PlaceFacts["booking"],
): Pick<Message, "owner" | "to"> {
	return {
		owner: { registrationId: id, tokenVersion },
		to: email ? { name, address: email } : { name: contactName, address: contactEmail },
	};
}

/** When, what and where, and the link to join for whoever may have it. */
export function dateRows(date: ReturnType<typeof describeDate>, joinUrl?: string): TicketRow[] {
	const { t } = date;
	return [
		{ label: t.email.when, value: date.when },
		{ label: t.booked.workshop, value: date.title },
		{ label: t.email.where, value: date.where, node: <Lines text={date.where} /> },
		...(joinUrl
			? [{ label: t.email.join, value: joinUrl, node: <TextLink href={joinUrl}>{joinUrl}</TextLink> }]
			: []),
	];
}

/** The frame that every message about a date shares: heading, sentences, ticket, one button, who writes and why. */
export function ticketEmail(
	facts: Pick<DateFacts, "firm" | "publicUrl">,
	words: Omit<PlaceWords, "now" | "calendar" | "joinUrl">,
	rows: TicketRow[],
	locale: Locale,
): Omit<Message, "owner" | "to" | "calendar"> {
	const { firm, publicUrl } = facts;
	const t = dictionary(locale);
	const links = words.last ? [] : ["preferences" as const];
	const footer = footerOf({ firm, publicUrl, locale, why: t.email.why(firm.name), links });

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
			{words.changes && <Changes changes={words.changes} was={t.email.was} is={t.email.is} />}
			<Ticket rows={rows.map(({ node, ...row }) => ({ ...row, value: node ?? row.value }))} />
			{words.links && (
				<>
					<Paragraph>{words.links.heading}</Paragraph>
					{words.links.links.map(({ label, note, url }) => (
						<Paragraph key={url}>
							<TextLink href={url}>{label}</TextLink> · {note}
						</Paragraph>
					))}
				</>
			)}
			<Button href={words.link.url}>{words.link.label}</Button>
			{words.linkHint && <Paragraph quiet>{words.linkHint}</Paragraph>}
		</EmailPage>,
	);

	const colon = locale === "fr" ? "\u00a0:" : ":";
	const text = textLines([
		words.heading,
		null,
		...words.paragraphs.flatMap((paragraph) => [paragraph, null]),
		...(words.changes ?? []).flatMap(({ label, before, after }) => [
			label,
			`  ${t.email.was} ${oneLine(before)}`,
			`  ${t.email.is} ${oneLine(after)}`,
			null,
		]),
		...rows.map((row) => `${row.label}${colon} ${oneLine(row.value)}`),
		null,
		...(words.links
			? [
					words.links.heading,
					null,
					...words.links.links.flatMap(({ label, note, url }) => [`${label} · ${note}`, url, null]),
				]
			: []),
		`${words.link.label}${colon}`,
		words.link.url,
		words.linkHint ? words.linkHint : false,
		null,
		...footer.text,
	]);
	const { kind, dedupeKey, subject, expiresAt } = words;
	return { kind, dedupeKey, locale, subject, html, text, replyTo: firm.email || undefined, expiresAt };
}

/** The calendar file of one registration: PUBLISH gives its entry, REQUEST invites to it, CANCEL takes it away. */
export function placeCalendar(
	facts: PlaceFacts,
	method: "PUBLISH" | "REQUEST" | "CANCEL",
	now: Date,
	joinUrl?: string,
	droppedMeetings: Meeting[] = [],
): string {
	const { firm } = facts;
	const event = placeEvent(facts, { stamp: now, now, joinUrl, cancelled: method === "CANCEL" });
	const dropped = droppedMeetings.map((meeting) => ({ ...meeting, cancelled: true }));
	const reader = ownerAndReader(facts.registration, facts.booking).to;
	const attendee = firm.calendarInvitations ? reader : undefined;
	const meetings = [...event.meetings, ...dropped];
	return calendar({ method, events: [{ ...event, meetings, attendee }] });
}

/** The entry of one registration: its UID never changes, its SEQUENCE rises (RFC 5545 §3.8.7.4). */
export function placeEvent(
	facts: PlaceFacts,
	{ stamp, now, joinUrl, cancelled }: { stamp: Date; now: Date; joinUrl?: string; cancelled: boolean },
): CalendarEvent {
	const { firm, session, meetings, registration, booking } = facts;
	const place = describePlace(facts);
	const { t } = place;
	const held = tentativeUntil(session, now) === null ? "CONFIRMED" : "TENTATIVE";
	return {
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
		stamp,
		status: cancelled ? "CANCELLED" : held,
		zone: session.zone,
		meetings,
	};
}

function oneLine(text: string): string {
	return text.replaceAll("\n", ", ");
}

/** The link to the person's own page, still a placeholder: it is filled in at delivery. */
export function manageLink(label: string): { label: string; url: string } {
	return { label, url: manageUrlPlaceholder };
}

export function Lines({ text }: { text: string }) {
	return text.split("\n").map((line) => (
		<span key={line} style={{ display: "block" }}>
			{line}
		</span>
	));
}
