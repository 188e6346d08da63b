import { expect, test } from "vitest";
import { parseDuration } from "#app/domain/attendance.ts";
import {
	type AttestationText,
	attestationDifferences,
	isCorrection,
	isPrintable,
	minutesOf,
	parseSerial,
	participationOf,
	serialFromBytes,
	showSerial,
	trainingMinutes,
} from "#app/domain/attestation.ts";
import { formatDuration } from "#app/i18n/format.ts";

const first = {
	id: "a",
	startsAt: new Date("2026-12-01T14:30:00Z"),
	endsAt: new Date("2026-12-01T21:30:00Z"),
};
const second = {
	id: "b",
	startsAt: new Date("2026-12-08T14:30:00Z"),
	endsAt: new Date("2026-12-08T17:30:00Z"),
};
const seen = (
	meetingId: string,
	status: "present" | "partial" | "absent",
	minutes: number | null = null,
) => ({ meetingId, status, minutes });
const attended = ({ startsAt, endsAt }: typeof first, minutes: number) => ({
	startsAt: startsAt.toISOString(),
	endsAt: endsAt.toISOString(),
	minutes,
});

test("a meeting counts for its length without the break", () => {
	expect(trainingMinutes(first, 60)).toBe(360);
	expect(trainingMinutes(second, 0)).toBe(180);
	expect(trainingMinutes(second, 500)).toBe(0);
});

test("whoever was present was there all the time, and whoever was there in part for what was noted", () => {
	const participation = participationOf(
		[first, second],
		[seen("b", "partial", 90), seen("a", "present")],
		60,
	);
	expect(participation).toEqual({ ok: true, meetings: [attended(first, 360), attended(second, 90)] });
});

test("a meeting that somebody missed is not on their attestation", () => {
	const participation = participationOf([first, second], [seen("a", "absent"), seen("b", "present")], 0);
	expect(participation).toEqual({ ok: true, meetings: [attended(second, 180)] });
});

test("nobody is there in part for longer than the meeting lasts", () => {
	const participation = participationOf([second], [seen("b", "partial", 999)], 15);
	expect(participation).toEqual({ ok: true, meetings: [attended(second, 165)] });
});

test.each([
	["nothing was recorded", [], "unseen"],
	["one meeting was forgotten", [seen("a", "present")], "unseen"],
	["nobody said for how long they were there", [seen("a", "partial"), seen("b", "present")], "untold"],
	["they came to nothing", [seen("a", "absent"), seen("b", "absent")], "absent"],
] as const)("there is no attestation where %s", (_when, records, reason) => {
	expect(participationOf([first, second], records, 60)).toEqual({ ok: false, reason });
});

const text: AttestationText = {
	locale: "fr",
	name: "Zoé Roy",
	organization: "Coopérative Exemple",
	title: "Les médias sociaux",
	object: "Ce qui fuit, et comment",
	trainer: "Luce Exemple",
	place: "Montréal",
	zone: "America/Toronto",
	meetings: [attended(first, 360), attended(second, 90)],
	firmName: "Formations Exemple",
	accreditationNumber: "",
};

test("an attestation is for all that its meetings count", () => {
	expect(minutesOf(text)).toBe(450);
});

test.each([
	[{}, [], false],
	[{ name: "Zoé Roy-Côté" }, ["name"], true],
	[{ meetings: [attended(first, 360)] }, ["meetings"], true],
	[{ locale: "en", title: "Social media" } as const, ["locale", "title"], true],
	[{ accreditationNumber: "0012345" }, ["accreditationNumber"], false],
	[{ object: "Tout", firmName: "Autre nom" }, ["object", "firmName"], false],
])(
	"what an attestation says otherwise now, and whether it was about the person: %j",
	(change, parts, own) => {
		const differences = attestationDifferences(text, { ...text, ...change });
		expect(differences).toEqual(parts);
		expect(isCorrection(differences)).toBe(own);
	},
);

test.each([
	["Zoé Roy", true],
	["Quốc Bảo Phạm", true],
	["Łukasz Żółć-O’Neil, ing.", true],
	["Иван Петров", true],
	["ᓴᓗᒥ", true],
	["王小明", false],
	["محمد علي", false],
	["Zoé 🎉", false],
	["\u202eyoR éoZ", false],
])("whether %j can be printed: %j", (name, can) => {
	expect(isPrintable(name)).toBe(can);
});

test("a serial number is read as it is printed, whatever the case and the spaces", () => {
	const serial = serialFromBytes(new Uint8Array([255, 0, 17, 34, 51, 68, 85, 102, 119, 136]));
	expect(serial).toBe("ZW0128HK8HAPCXW8");
	expect(showSerial(serial)).toBe("ZW01-28HK-8HAP-CXW8");
	expect(parseSerial(" zwo1 28hk-8hap cxw8")).toBe(serial);
	expect(parseSerial("ZW01-28HK-8HAP")).toBeNull();
	expect(parseSerial("ZW01-28HK-8HAP-CXWU")).toBeNull();
});

test.each([
	["2 h 30", 150],
	["2h30", 150],
	["2 h", 120],
	["2:05", 125],
	["2,5", 150],
	["2.25 h", 135],
	["3", 180],
	["90 min", 90],
	["1 heure", 60],
	["90m", 90],
	["45 mn", 45],
	["45", null],
	["90", null],
	["1.30", null],
	["1h5", null],
	["13 h", 780],
	["2 hours", 120],
	["", null],
	["2 h 75", null],
	["deux heures", null],
	["-2", null],
	["2 h 5", null],
	["1e3", null],
])("%j is a length of time of %j minutes", (typed, minutes) => {
	expect(parseDuration(typed)).toBe(minutes);
});

test.each([
	[360, "6\u00a0h"],
	[150, "2\u00a0h\u00a030\u00a0min"],
	[45, "45\u00a0min"],
	[0, "0\u00a0min"],
])("%j minutes are written %j", (minutes, written) => {
	expect(formatDuration(minutes)).toBe(written);
});
