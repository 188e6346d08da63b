import { formatSortable } from "#app/i18n/format.ts";
import { vtimezone } from "./vtimezone.server.ts";

export type CalendarEvent = {
	/** The same for the life of the registration. The second meeting gets `-2` before the `@`, and so on. */
	uid: string;
	/** Rises with every change that people must see (RFC 5545 §3.8.7.4). */
	sequence: number;
	summary: string;
	description: string;
	location: string;
	url?: string;
	organizerName: string;
	organizerEmail: string;
	/** Who is invited, when the entry asks for an answer. */
	attendee?: { name: string; address: string };
	/** When this version was made, an instant. */
	stamp: Date;
	status: "CONFIRMED" | "TENTATIVE" | "CANCELLED";
	/** The IANA zone the meetings are written in. */
	zone: string;
	/** In order, for the UIDs to keep their meeting. One that is no longer held withdraws its own entry. */
	meetings: readonly { startsAt: Date; endsAt: Date; cancelled?: boolean }[];
	/** A reminder this many minutes before each meeting. */
	alarmMinutes?: number;
};

/**
 * An iCalendar file (RFC 5545, and RFC 5546 for its method): one VEVENT per meeting, in the session's zone, with a
 * VTIMEZONE for each zone. Unless it is an invitation nobody is an ATTENDEE: the entry is for the reader, and a
 * forwarded one names nobody. A REQUEST holds one meeting, since its events must share a UID (RFC 5546 §3.2.2).
 * Throws a RangeError for an unknown zone and a TypeError for a `url` that is not one.
 */
export function calendar(options: {
	method: "PUBLISH" | "REQUEST" | "CANCEL";
	/** What a subscribed calendar is called. */
	name?: string;
	events: readonly CalendarEvent[];
}): string {
	const { method, name, events } = options;
	const lines = [
		"BEGIN:VCALENDAR",
		"VERSION:2.0",
		"PRODID:-//Presence//Presence//FR",
		"CALSCALE:GREGORIAN",
		`METHOD:${method}`,
		// RFC 7986 §5.1, and the name that most programs read.
		...(name ? [`NAME:${text(name)}`, `X-WR-CALNAME:${text(name)}`] : []),
		...zonesOf(events),
		...events.flatMap((event) => event.meetings.flatMap((_, index) => vevent(event, index))),
		"END:VCALENDAR",
	];
	return lines.map((line) => `${fold(line)}\r\n`).join("");
}

function zonesOf(events: readonly CalendarEvent[]): string[] {
	const zones = new Map<string, { first: number; last: number }>();
	for (const { zone, meetings } of events) {
		for (const { startsAt, endsAt } of meetings) {
			const known = zones.get(zone);
			const first = Math.min(startsAt.getUTCFullYear(), known?.first ?? Number.POSITIVE_INFINITY);
			const last = Math.max(endsAt.getUTCFullYear(), known?.last ?? Number.NEGATIVE_INFINITY);
			zones.set(zone, { first, last });
		}
	}
	return [...zones].flatMap(([zone, { first, last }]) => vtimezone(zone, first, last));
}

function vevent(event: CalendarEvent, index: number): string[] {
	const meeting = event.meetings[index]!;
	const status = meeting.cancelled ? "CANCELLED" : event.status;
	return [
		"BEGIN:VEVENT",
		`UID:${text(meetingUid(event.uid, index))}`,
		`DTSTAMP:${utc(event.stamp)}`,
		`SEQUENCE:${event.sequence}`,
		`DTSTART;TZID=${event.zone}:${local(meeting.startsAt, event.zone)}`,
		`DTEND;TZID=${event.zone}:${local(meeting.endsAt, event.zone)}`,
		`SUMMARY:${text(event.summary)}`,
		...(event.description ? [`DESCRIPTION:${text(event.description)}`] : []),
		...(event.location ? [`LOCATION:${text(event.location)}`] : []),
		...(event.url ? [`URL:${new URL(event.url).href}`] : []),
		`ORGANIZER;CN=${parameter(event.organizerName)}:mailto:${encodeURI(event.organizerEmail)}`,
		...attendee(event),
		`STATUS:${status}`,
		...alarm({ ...event, status }),
		"END:VEVENT",
	];
}

/** They have their seat already: the invitation asks nothing more of them. */
function attendee({ attendee: person }: CalendarEvent): string[] {
	if (!person) return [];
	const state = "ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE";
	return [`ATTENDEE;CN=${parameter(person.name)};${state}:mailto:${encodeURI(person.address)}`];
}

function alarm({ alarmMinutes, status, summary }: CalendarEvent): string[] {
	if (alarmMinutes === undefined || status === "CANCELLED") return [];
	return [
		"BEGIN:VALARM",
		"ACTION:DISPLAY",
		`TRIGGER:-PT${alarmMinutes}M`,
		`DESCRIPTION:${text(summary)}`,
		"END:VALARM",
	];
}

/** `a@b` for the first meeting, `a-2@b` for the second. */
function meetingUid(uid: string, index: number): string {
	if (index === 0) return uid;
	const at = uid.indexOf("@");
	return at < 0 ? `${uid}-${index + 1}` : `${uid.slice(0, at)}-${index + 1}${uid.slice(at)}`;
}

/** `20261201T093000` on the zone's clock, to the minute: DATE-TIME form #3 (RFC 5545 §3.3.5). */
function local(instant: Date, zone: string): string {
	return `${formatSortable(instant, zone).replaceAll(/[-:]/g, "").replace(" ", "T")}00`;
}

/** `20261120T154600Z`: form #2. */
function utc(instant: Date): string {
	return instant.toISOString().replaceAll(/[-:]|\.\d+/g, "");
}

/** A TEXT value (RFC 5545 §3.3.11). Control characters other than the tab have no place in one. */
function text(value: string): string {
	return value
		.replaceAll(/\r\n?/g, "\n")
		.replaceAll(/[^\P{Cc}\t\n]/gu, "")
		.replaceAll(/[\\;,]/g, "\\$&")
		.replaceAll("\n", "\\n");
}

/** A quoted parameter value: a quote or a line break cannot stand in one, so they are written `^'` and `^n` (RFC 6868). */
function parameter(value: string): string {
	const escaped = value
		.replaceAll("^", "^^")
		.replaceAll(/\r\n?|\n/g, "^n")
		.replaceAll('"', "^'")
		.replaceAll(/[^\P{Cc}\t]/gu, "");
	return `"${escaped}"`;
}

const longestLine = 75;

/** Cuts a line every 75 octets at most, never inside a character (RFC 5545 §3.1). */
function fold(line: string): string {
	if (Buffer.byteLength(line) <= longestLine) return line;
	let folded = "";
	let octets = 0;
	for (const character of line) {
		const size = Buffer.byteLength(character);
		if (octets + size > longestLine) {
			folded += "\r\n ";
			octets = 1;
		}
		folded += character;
		octets += size;
	}
	return folded;
}
