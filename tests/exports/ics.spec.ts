import { execFileSync } from "node:child_process";
import ICAL from "ical.js";
import { expect, test } from "vitest";
import { type CalendarEvent, calendar } from "#app/exports/ics.server.ts";
import { eventsOf } from "./calendars.ts";

const december: CalendarEvent = {
	uid: "0193-7kq2@ateliers.exemple.ca",
	sequence: 0,
	summary: "Les médias sociaux en entreprise",
	description: "Référence : 7KQ2-M4TD",
	location: "Montréal",
	url: "https://ateliers.exemple.ca/ateliers/medias-sociaux",
	organizerName: "Formations Exemple",
	organizerEmail: "info@exemple.ca",
	stamp: new Date("2026-11-20T15:46:00Z"),
	status: "CONFIRMED",
	zone: "America/Toronto",
	meetings: [{ startsAt: new Date("2026-12-01T14:30:00Z"), endsAt: new Date("2026-12-01T21:30:00Z") }],
};

function publish(...events: CalendarEvent[]): string {
	return calendar({ method: "PUBLISH", events });
}

function read(file: string) {
	const component = new ICAL.Component(ICAL.parse(file));
	const zones = new Map(
		component
			.getAllSubcomponents("vtimezone")
			.map((zone) => [zone.getFirstPropertyValue("tzid"), new ICAL.Timezone(zone)]),
	);
	const events = component.getAllSubcomponents("vevent").map((vevent) => ({
		vevent,
		value: (name: string) => vevent.getFirstPropertyValue(name),
		/** The instant according to the file's own VTIMEZONE, which is attached here: ical.js must not know the zone itself. */
		instant: (name: "dtstart" | "dtend") => {
			const property = vevent.getFirstProperty(name)!;
			const time = property.getFirstValue() as InstanceType<typeof ICAL.Time>;
			time.zone = zones.get(property.getFirstParameter("tzid") as string)!;
			return new Date(time.toUnixTime() * 1000).toISOString();
		},
	}));
	return { component, events };
}

function octets(line: string): number {
	return Buffer.byteLength(line);
}

test("the instants read back are those written, on both sides of the change of hour", () => {
	const meetings = ["2026-03-07", "2026-03-08", "2026-10-31", "2026-11-01", "2026-12-01", "2027-07-06"].map(
		(day) => ({
			startsAt: new Date(`${day}T17:00:00Z`),
			endsAt: new Date(`${day}T20:15:00Z`),
		}),
	);
	const { events } = read(publish({ ...december, meetings }));
	expect(events.map((event) => event.instant("dtstart"))).toEqual(
		meetings.map((each) => each.startsAt.toISOString()),
	);
	expect(events.map((event) => event.instant("dtend"))).toEqual(
		meetings.map((each) => each.endsAt.toISOString()),
	);
});

test.each([
	"America/Toronto",
	"America/St_Johns",
	"America/Vancouver",
	"America/Phoenix",
	"America/Sao_Paulo",
	"Africa/Casablanca",
	"Europe/Paris",
	"Europe/Dublin",
	"Australia/Lord_Howe",
	"UTC",
])("in %s every week of a year has the right instant under the file's own rules", (zone) => {
	const weeks = Array.from({ length: 53 }, (_, week) => new Date(Date.UTC(2026, 0, 1 + week * 7, 14, 30)));
	const meetings = weeks.map((startsAt) => ({ startsAt, endsAt: new Date(startsAt.getTime() + 3_600_000) }));
	const instants = weeks.map((week) => week.toISOString());
	const file = publish({ ...december, zone, meetings });
	expect(read(file).events.map((event) => event.instant("dtstart"))).toEqual(instants);
	// And as a reader has it that goes by the zone's name.
	expect(eventsOf(file).map(({ start }) => start)).toEqual(expect.arrayContaining(instants));
});

test("the start and the end are wall times of the session's zone", () => {
	expect(publish(december)).toContain(
		"DTSTART;TZID=America/Toronto:20261201T093000\r\nDTEND;TZID=America/Toronto:20261201T163000\r\n",
	);
	expect(publish({ ...december, zone: "Europe/Paris" })).toContain(
		"DTSTART;TZID=Europe/Paris:20261201T153000\r\n",
	);
});

test("a zone with a yearly rule is written as that rule, which Outlook needs", () => {
	const file = publish(december);
	expect(file).toContain(
		[
			"BEGIN:STANDARD",
			"DTSTART:20241103T020000",
			"RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU",
			"TZOFFSETFROM:-0400",
			"TZOFFSETTO:-0500",
			"TZNAME:EST",
			"END:STANDARD",
		].join("\r\n"),
	);
	expect(file).toContain(
		"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400\r\nTZNAME:EDT",
	);
	expect(publish({ ...december, zone: "Europe/Paris" })).toContain("BYMONTH=3;BYDAY=-1SU");
	expect(publish({ ...december, zone: "America/Phoenix" })).not.toContain("RRULE");
});

test.each(["UTC", "Asia/Tokyo", "America/St_Johns"])(
	"the file is the same when the process runs in %s",
	(zone) => {
		const program = `
		import { calendar } from "#app/exports/ics.server.ts";
		const event = ${JSON.stringify(december)};
		event.stamp = new Date(event.stamp);
		for (const meeting of event.meetings) for (const end in meeting) meeting[end] = new Date(meeting[end]);
		process.stdout.write(calendar({ method: "PUBLISH", events: [event] }));`;
		const file = execFileSync(
			process.execPath,
			["--import", "tsx", "--input-type=module", "--eval", program],
			{
				env: { ...process.env, TZ: zone },
				encoding: "utf8",
			},
		);
		expect(file).toBe(publish(december));
		expect(file).toContain("DTSTAMP:20261120T154600Z\r\n");
	},
);

test("no line is longer than 75 octets and no character is cut in two", () => {
	const description = "Été 🧑🏽‍🏫 où l’œuvre coûte 125,00\u00a0$, « vraiment ». ".repeat(40);
	const file = publish({ ...december, description, summary: "é".repeat(200), location: "🙂".repeat(90) });
	const lines = file.split("\r\n");
	expect(Math.max(...lines.map(octets))).toBe(75);
	expect(file).not.toMatch(/[^\r]\n|\r[^\n]/);
	expect(file.endsWith("END:VCALENDAR\r\n")).toBe(true);
	const [event] = read(file).events;
	expect(event!.value("description")).toBe(description);
	expect(event!.value("summary")).toBe("é".repeat(200));
	expect(event!.value("location")).toBe("🙂".repeat(90));
});

test("a line of exactly 75 octets stays whole", () => {
	const summary = "x".repeat(75 - "SUMMARY:".length);
	expect(publish({ ...december, summary })).toContain(`SUMMARY:${summary}\r\n`);
	expect(publish({ ...december, summary: `${summary}y` })).toContain(`SUMMARY:${summary}\r\n y\r\n`);
});

test("punctuation and line breaks come back as they were typed", () => {
	const typed = "Apportez : un crayon; du papier, un \\ et\nde la bonne humeur";
	const file = publish({ ...december, description: typed, location: "Salle 3; 2e étage, aile C" });
	expect(file).toContain("LOCATION:Salle 3\\; 2e étage\\, aile C\r\n");
	const [event] = read(file).events;
	expect(event!.value("description")).toBe(typed);
	expect(event!.value("location")).toBe("Salle 3; 2e étage, aile C");
});

test("text that tries to add a line stays text", () => {
	const attack = "Atelier\r\nATTENDEE:mailto:intrus@exemple.ca\u0007\rX-A:b";
	const file = publish({
		...december,
		summary: attack,
		uid: `u\r\nX-B:c`,
		organizerName: attack,
		organizerEmail: "a@b.ca\r\nX-C:d",
	});
	expect(file).not.toMatch(/^(ATTENDEE|X-)/m);
	expect(read(file).events[0]!.value("summary")).toBe("Atelier\nATTENDEE:mailto:intrus@exemple.ca\nX-A:b");
});

test("the organizer's name keeps its quotes, comma and colon", () => {
	const organizerName = 'Formations "Pro" : Québec, inc.';
	const [event] = read(publish({ ...december, organizerName })).events;
	const organizer = event!.vevent.getFirstProperty("organizer")!;
	expect(organizer.getFirstParameter("cn")).toBe(organizerName);
	expect(organizer.getFirstValue()).toBe("mailto:info@exemple.ca");
});

test("several meetings are events of their own, with steady identifiers", () => {
	const second = { startsAt: new Date("2026-12-08T14:30:00Z"), endsAt: new Date("2026-12-08T21:30:00Z") };
	const file = publish({ ...december, sequence: 3, meetings: [...december.meetings, second] });
	const { events } = read(file);
	expect(events.map((event) => event.value("uid"))).toEqual([
		"0193-7kq2@ateliers.exemple.ca",
		"0193-7kq2-2@ateliers.exemple.ca",
	]);
	expect(events.map((event) => event.value("sequence"))).toEqual([3, 3]);
	expect(file.match(/BEGIN:VTIMEZONE/g)).toHaveLength(1);
	expect(file).not.toContain("ATTENDEE");
});

test("a feed has one definition of each zone it uses", () => {
	const file = calendar({
		method: "PUBLISH",
		name: "Ateliers, à venir",
		events: [
			december,
			{ ...december, uid: "b@exemple.ca" },
			{ ...december, uid: "c@exemple.ca", zone: "Europe/Paris" },
		],
	});
	expect(file.match(/TZID:.+/g)).toEqual(["TZID:America/Toronto", "TZID:Europe/Paris"]);
	expect(file).toContain("NAME:Ateliers\\, à venir\r\nX-WR-CALNAME:Ateliers\\, à venir\r\n");
});

test("a cancellation takes the same event away", () => {
	const file = calendar({
		method: "CANCEL",
		events: [{ ...december, sequence: 1, status: "CANCELLED", alarmMinutes: 60 }],
	});
	const { component, events } = read(file);
	expect(component.getFirstPropertyValue("method")).toBe("CANCEL");
	expect(events[0]!.value("uid")).toBe(december.uid);
	expect(events[0]!.value("sequence")).toBe(1);
	expect(events[0]!.value("status")).toBe("CANCELLED");
	expect(file).not.toContain("VALARM");
});

test("a reminder rings before the meeting", () => {
	const alarm = read(publish({ ...december, alarmMinutes: 90 })).events[0]!.vevent.getFirstSubcomponent(
		"valarm",
	)!;
	expect(alarm.getFirstPropertyValue("trigger")!.toString()).toBe("-PT90M");
	expect(alarm.getFirstPropertyValue("action")).toBe("DISPLAY");
});
