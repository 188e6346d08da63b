import ICAL from "ical.js";
import nodeIcal from "node-ical";

export type ReadEvent = {
	uid: string;
	sequence: number;
	status: string;
	summary: string;
	description: string;
	location: string;
	/** Instants, in ISO 8601. */
	start: string;
	end: string;
};

/**
 * The events of an iCalendar file as two parsers that know nothing of each other read them, in the order of their starts.
 * ical.js knows no zone but those the file itself defines; node-ical goes by the names of zones. Throws where they differ.
 */
export function eventsOf(file: string): ReadEvent[] {
	const byRules = readWithIcalJs(file);
	const byNames = readWithNodeIcal(file);
	const [one, other] = [byRules, byNames].map((events) => JSON.stringify(events, null, 1));
	if (one !== other) throw new Error(`Two readings of one calendar:\n${one}\n${other}`);
	return byRules;
}

function readWithIcalJs(file: string): ReadEvent[] {
	const component = new ICAL.Component(ICAL.parse(file));
	const zones = new Map(
		component
			.getAllSubcomponents("vtimezone")
			.map((zone) => [zone.getFirstPropertyValue("tzid"), new ICAL.Timezone(zone)]),
	);
	const events = component.getAllSubcomponents("vevent").map((event): ReadEvent => {
		const text = (name: string) => String(event.getFirstPropertyValue(name) ?? "");
		const instant = (name: string) => {
			const property = event.getFirstProperty(name)!;
			const time = property.getFirstValue() as InstanceType<typeof ICAL.Time>;
			time.zone = zones.get(property.getFirstParameter("tzid") as string)!;
			return new Date(time.toUnixTime() * 1000).toISOString();
		};
		return {
			uid: text("uid"),
			sequence: Number(text("sequence")),
			status: text("status"),
			summary: text("summary"),
			description: text("description"),
			location: text("location"),
			start: instant("dtstart"),
			end: instant("dtend"),
		};
	});
	return events.sort(inOrder);
}

function readWithNodeIcal(file: string): ReadEvent[] {
	const events = Object.values(nodeIcal.sync.parseICS(file)).flatMap((event): ReadEvent[] => {
		if (event?.type !== "VEVENT") return [];
		const text = (value: unknown) =>
			String((typeof value === "object" && value && "val" in value ? value.val : value) ?? "");
		return [
			{
				uid: event.uid,
				sequence: Number(event.sequence),
				status: text(event.status),
				summary: text(event.summary),
				description: text(event.description),
				location: text(event.location),
				start: event.start.toISOString(),
				end: event.end!.toISOString(),
			},
		];
	});
	return events.sort(inOrder);
}

function inOrder(a: ReadEvent, b: ReadEvent): number {
	return a.start + a.uid < b.start + b.uid ? -1 : 1;
}
