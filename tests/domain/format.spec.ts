import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import {
	capitalize,
	dateTile,
	formatAddress,
	formatDateShort,
	formatDay,
	formatList,
	formatMoney,
	formatNumber,
	formatSortable,
	formatStamp,
	formatTime,
	formatTimeRange,
	formatWhen,
	formatZone,
} from "#app/i18n/format.ts";

// U+00A0 is written out in every expected string, so that no editor can hide it.
const toronto = "America/Toronto";
const morning = new Date("2026-12-01T14:30:00Z");
const afternoon = new Date("2026-12-01T21:30:00Z");
const stamp = new Date("2026-11-20T15:46:00Z");

/** A meeting of 3 hours from 13:00 in Toronto, in winter. */
function meeting(day: string, startsAt = "18:00", endsAt = "21:00") {
	return { startsAt: new Date(`${day}T${startsAt}:00Z`), endsAt: new Date(`${day}T${endsAt}:00Z`) };
}

test("a day is written in full, the first of the month as an ordinal", () => {
	expect(formatDay(morning, "fr", toronto)).toBe("mardi 1er\u00a0décembre 2026");
	expect(formatDay(morning, "en", toronto)).toBe("Tuesday, December\u00a01, 2026");
	expect(formatDay(morning, "fr", toronto, { year: false })).toBe("mardi 1er\u00a0décembre");
	expect(formatDay(morning, "en", toronto, { year: false })).toBe("Tuesday, December\u00a01");
	expect(formatDay(new Date("2026-12-08T14:30:00Z"), "fr", toronto)).toBe("mardi 8\u00a0décembre 2026");
});

test("the day is the one of the zone, whatever the zone of this process", () => {
	const late = new Date("2026-12-02T04:59:00Z");
	expect(formatDay(late, "fr", toronto)).toBe("mardi 1er\u00a0décembre 2026");
	expect(formatDay(late, "fr", "Europe/Paris")).toBe("mercredi 2\u00a0décembre 2026");
});

test.each([
	["2026-12-01T14:30:00Z", "9\u00a0h\u00a030", "9:30\u00a0a.m."],
	["2026-12-01T22:00:00Z", "17\u00a0h", "5\u00a0p.m."],
	["2026-12-01T22:05:00Z", "17\u00a0h\u00a005", "5:05\u00a0p.m."],
	["2026-12-01T05:00:00Z", "0\u00a0h", "12\u00a0a.m."],
	["2026-12-01T17:00:00Z", "12\u00a0h", "12\u00a0p.m."],
	["2026-12-01T05:45:00Z", "0\u00a0h\u00a045", "12:45\u00a0a.m."],
])("%s is %j in French and %j in English", (at, fr, en) => {
	expect(formatTime(new Date(at), "fr", toronto)).toBe(fr);
	expect(formatTime(new Date(at), "en", toronto)).toBe(en);
});

test("a range of hours names both ends", () => {
	expect(formatTimeRange(morning, afternoon, "fr", toronto)).toBe("de 9\u00a0h\u00a030 à 16\u00a0h\u00a030");
	expect(formatTimeRange(morning, afternoon, "en", toronto)).toBe("9:30\u00a0a.m. to 4:30\u00a0p.m.");
});

test("one meeting is a day and its hours", () => {
	const one = [{ startsAt: morning, endsAt: afternoon }];
	expect(formatWhen(one, "fr", toronto)).toBe(
		"mardi 1er\u00a0décembre 2026, de 9\u00a0h\u00a030 à 16\u00a0h\u00a030",
	);
	expect(formatWhen(one, "en", toronto)).toBe(
		"Tuesday, December\u00a01, 2026, 9:30\u00a0a.m. to 4:30\u00a0p.m.",
	);
	expect(formatWhen(one, "fr", toronto, { year: false })).toBe(
		"mardi 1er\u00a0décembre, de 9\u00a0h\u00a030 à 16\u00a0h\u00a030",
	);
	expect(formatWhen([], "fr", toronto)).toBe("");
});

test.each([
	[
		["2027-02-10", "2027-02-17"],
		"2 rencontres\u00a0: 10 et 17\u00a0février 2027",
		"2 meetings: February\u00a010 and 17, 2027",
	],
	[
		["2027-02-24", "2027-03-03"],
		"2 rencontres\u00a0: 24\u00a0février et 3\u00a0mars 2027",
		"2 meetings: February\u00a024 and March\u00a03, 2027",
	],
	[
		["2027-02-01", "2027-02-08", "2027-03-01"],
		"3 rencontres\u00a0: 1er et 8\u00a0février, 1er\u00a0mars 2027",
		"3 meetings: February\u00a01 and 8, March\u00a01, 2027",
	],
	[
		["2026-12-15", "2027-01-05"],
		"2 rencontres\u00a0: 15\u00a0décembre 2026 et 5\u00a0janvier 2027",
		"2 meetings: December\u00a015, 2026 and January\u00a05, 2027",
	],
])("meetings at the same hours are counted once: %j", (days, fr, en) => {
	const meetings = days.map((day) => meeting(day));
	expect(formatWhen(meetings, "fr", toronto)).toBe(`${fr}, de 13\u00a0h à 16\u00a0h`);
	expect(formatWhen(meetings.toReversed(), "en", toronto)).toBe(`${en}, 1\u00a0p.m. to 4\u00a0p.m.`);
});

test("the year can be left out of several meetings too", () => {
	const meetings = [meeting("2027-02-10"), meeting("2027-02-17")];
	expect(formatWhen(meetings, "fr", toronto, { year: false })).toBe(
		"2 rencontres\u00a0: 10 et 17\u00a0février, de 13\u00a0h à 16\u00a0h",
	);
});

test("meetings at different hours are listed one by one", () => {
	const meetings = [meeting("2027-02-10"), meeting("2027-02-17", "14:00", "17:00")];
	expect(formatWhen(meetings, "fr", toronto)).toBe(
		"2 rencontres\u00a0: mercredi 10\u00a0février 2027, de 13\u00a0h à 16\u00a0h; mercredi 17\u00a0février 2027, de 9\u00a0h à 12\u00a0h",
	);
	expect(formatWhen(meetings, "en", toronto)).toBe(
		"2 meetings: Wednesday, February\u00a010, 2027, 1\u00a0p.m. to 4\u00a0p.m.; Wednesday, February\u00a017, 2027, 9\u00a0a.m. to 12\u00a0p.m.",
	);
});

test("the same hours on each side of the change of hour are the same hours", () => {
	const meetings = [meeting("2027-03-10", "18:00", "21:00"), meeting("2027-03-17", "17:00", "20:00")];
	expect(formatWhen(meetings, "fr", toronto)).toBe(
		"2 rencontres\u00a0: 10 et 17\u00a0mars 2027, de 13\u00a0h à 16\u00a0h",
	);
});

test("a calendar tile has its words apart", () => {
	const words = { day: "1", year: "2026" };
	expect(dateTile(morning, "fr", toronto)).toEqual({
		weekday: "mardi",
		ordinal: "er",
		month: "décembre",
		...words,
	});
	expect(dateTile(morning, "en", toronto)).toEqual({
		weekday: "Tuesday",
		ordinal: "",
		month: "December",
		...words,
	});
});

test.each([
	["America/Toronto", "heure de l’Est", "Eastern time"],
	["America/Vancouver", "heure du Pacifique", "Pacific time"],
	["America/Halifax", "heure de l’Atlantique", "Atlantic time"],
	["America/St_Johns", "heure de Terre-Neuve", "Newfoundland time"],
	["America/Regina", "heure normale du Centre", "Central standard time"],
	["Europe/Paris", "heure de l’Europe centrale", "Central European time"],
	["UTC", "temps universel coordonné", "Coordinated universal time"],
])("the zone %s is named %j, %j", (zone, fr, en) => {
	expect(formatZone(morning, "fr", zone)).toBe(fr);
	expect(formatZone(morning, "en", zone)).toBe(en);
});

test("lists use short stamps and dates", () => {
	expect(formatStamp(stamp, "fr", toronto)).toBe("20\u00a0nov., 10\u00a0h\u00a046");
	expect(formatStamp(stamp, "en", toronto)).toBe("Nov\u00a020, 10:46\u00a0a.m.");
	expect(formatDateShort(stamp, "fr", toronto)).toBe("20\u00a0nov. 2026");
	expect(formatDateShort(stamp, "en", toronto)).toBe("Nov\u00a020, 2026");
	expect(formatDateShort(morning, "fr", toronto)).toBe("1er\u00a0déc. 2026");
	expect(formatDateShort(new Date("2026-06-15T12:00:00Z"), "en", toronto)).toBe("Jun\u00a015, 2026");
	expect(formatSortable(stamp, toronto)).toBe("2026-11-20 10:46");
	expect(formatSortable(new Date("2026-07-01T04:05:00Z"), toronto)).toBe("2026-07-01 00:05");
});

test("money is written from cents", () => {
	expect(formatMoney(12_500, "fr")).toBe("125,00\u00a0$");
	expect(formatMoney(12_500, "en")).toBe("$125.00");
	expect(formatMoney(123_456_705, "fr")).toBe("1\u00a0234\u00a0567,05\u00a0$");
	expect(formatMoney(123_456_705, "en")).toBe("$1,234,567.05");
	expect(formatMoney(0, "fr")).toBe("0,00\u00a0$");
});

test("a postal code stays on one line", () => {
	const address = "1200, rue Sainte-Catherine Est, Montréal (Québec) H2L";
	expect(formatAddress(`${address} 2H1`)).toBe(`${address}\u00a02H1`);
	expect(formatAddress("Salle A1B 2, Laval")).toBe("Salle A1B 2, Laval");
});

test("numbers and lists follow the language", () => {
	expect([formatNumber(12_345.5, "fr"), formatNumber(12_345.5, "en")]).toEqual(["12\u00a0345,5", "12,345.5"]);
	expect(formatList([], "fr")).toBe("");
	expect(formatList(["Zoé"], "fr")).toBe("Zoé");
	expect(formatList(["Zoé", "Anaïs", "Loïc"], "fr")).toBe("Zoé, Anaïs et Loïc");
	expect(formatList(["Zoé", "Anaïs", "Loïc"], "en")).toBe("Zoé, Anaïs and Loïc");
	expect(capitalize("été", "fr")).toBe("Été");
	expect(capitalize("", "fr")).toBe("");
});

test("no text has the narrow unbreakable space, which the font lacks, nor a breakable one before h, $ or a colon", () => {
	const zones = Intl.supportedValuesOf("timeZone");
	const texts = (["fr", "en"] as const).flatMap((locale) => [
		...Array.from({ length: 366 }, (_, day) => new Date(Date.UTC(2026, 0, day, 14, 30))).flatMap((at) => [
			formatWhen([{ startsAt: at, endsAt: afternoon }, meeting("2027-02-10")], locale, toronto),
			formatStamp(at, locale, toronto),
			formatDateShort(at, locale, toronto),
		]),
		...zones.map((zone) => formatZone(morning, locale, zone)),
		...[-5, 0, 99_999_999].flatMap((n) => [formatMoney(n, locale), formatNumber(n, locale)]),
	]);
	expect(texts.filter((text) => /\u202f|\u2009|\d [h$]| :|\bh \d/.test(text))).toEqual([]);
});

test("the zone of the process changes nothing", () => {
	const program = `
		import { formatWhen } from "#app/i18n/format.ts";
		const meetings = [{ startsAt: new Date("2026-12-01T14:30:00Z"), endsAt: new Date("2026-12-01T21:30:00Z") }];
		process.stdout.write(formatWhen(meetings, "fr", "America/Toronto"));`;
	const text = execFileSync(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program], {
		env: { ...process.env, TZ: "Asia/Tokyo" },
		encoding: "utf8",
	});
	expect(text).toBe("mardi 1er\u00a0décembre 2026, de 9\u00a0h\u00a030 à 16\u00a0h\u00a030");
});
