import type { Locale } from "#app/domain/locale.ts";

/**
 * All the formatting of dates, hours, money and lists. `Intl` gives the words and the numbers; the spaces and the order
 * are ours, because CLDR changes them from one version to the next and a browser must show what the server wrote.
 * The one unbreakable space is U+00A0: the font has no U+202F.
 */
const nbsp = "\u00a0";

const languageTag = { fr: "fr-CA", en: "en-CA" } satisfies Record<Locale, string>;

type Meeting = { startsAt: Date; endsAt: Date };

type LocalParts = {
	weekday: string;
	year: string;
	month: string;
	day: string;
	hour: number;
	minute: string;
};

const partsShape = {
	weekday: "long",
	year: "numeric",
	day: "numeric",
	hour: "numeric",
	minute: "2-digit",
	hourCycle: "h23",
} as const;

const shapes = {
	longMonth: { ...partsShape, month: "long" },
	shortMonth: { ...partsShape, month: "short" },
	numericMonth: { ...partsShape, month: "2-digit", day: "2-digit" },
	genericZone: { timeZoneName: "longGeneric" },
	zone: { timeZoneName: "long" },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

/** A DateTimeFormat takes a hundred times longer to build than to use. The keys are few: one zone or so per session. */
const dateFormats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(locale: Locale, zone: string, shape: keyof typeof shapes): Intl.DateTimeFormat {
	const key = `${locale} ${zone} ${shape}`;
	let format = dateFormats.get(key);
	if (!format) {
		const gregorian = { timeZone: zone, calendar: "gregory", numberingSystem: "latn" };
		format = new Intl.DateTimeFormat(languageTag[locale], { ...gregorian, ...shapes[shape] });
		dateFormats.set(key, format);
	}
	return format;
}

function localParts(
	at: Date,
	locale: Locale,
	zone: string,
	shape: "longMonth" | "shortMonth" | "numericMonth",
): LocalParts {
	const parts = dateFormat(locale, zone, shape).formatToParts(at);
	const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? "";
	return {
		weekday: part("weekday"),
		year: part("year"),
		month: part("month"),
		day: part("day"),
		hour: Number(part("hour")),
		minute: part("minute").padStart(2, "0"),
	};
}

function ordinalOf(day: string, locale: Locale): "er" | "" {
	return locale === "fr" && day === "1" ? "er" : "";
}

/** « 1er décembre » or "December 1", which no line's end parts. */
function dayAndMonth(days: string, month: string, locale: Locale): string {
	return locale === "fr" ? `${days}${nbsp}${month}` : `${month}${nbsp}${days}`;
}

function withYear(text: string, year: string, locale: Locale): string {
	return locale === "fr" ? `${text} ${year}` : `${text}, ${year}`;
}

/** « mardi 1er décembre 2026 », "Tuesday, December 1, 2026". */
export function formatDay(at: Date, locale: Locale, zone: string, options: { year?: boolean } = {}): string {
	const { weekday, day, month, year } = localParts(at, locale, zone, "longMonth");
	const date = dayAndMonth(day + ordinalOf(day, locale), month, locale);
	const text = locale === "fr" ? `${weekday} ${date}` : `${weekday}, ${date}`;
	return options.year === false ? text : withYear(text, year, locale);
}

/** « 9 h 30 », « 17 h », "9:30 a.m.", "5 p.m.". */
export function formatTime(at: Date, locale: Locale, zone: string): string {
	const { hour, minute } = localParts(at, locale, zone, "longMonth");
	const onTheHour = minute === "00";
	if (locale === "fr") return onTheHour ? `${hour}${nbsp}h` : `${hour}${nbsp}h${nbsp}${minute}`;
	const clock = onTheHour ? `${hour % 12 || 12}` : `${hour % 12 || 12}:${minute}`;
	return `${clock}${nbsp}${hour < 12 ? "a.m." : "p.m."}`;
}

/** A day of this season and its hour, as two words of a sentence: « mardi 1er décembre », « 9 h 30 ». */
export function dayAndTime(at: Date, locale: Locale, zone: string): [day: string, time: string] {
	return [formatDay(at, locale, zone, { year: false }), formatTime(at, locale, zone)];
}

/** « jeudi 26 novembre, à 17 h », "Thursday, November 26, at 5 p.m.": until when something is held. */
export function formatDeadline(
	at: Date,
	locale: Locale,
	zone: string,
	options: { year?: boolean } = { year: false },
): string {
	const day = formatDay(at, locale, zone, options);
	return `${day}, ${locale === "fr" ? "à" : "at"} ${formatTime(at, locale, zone)}`;
}

/** « de 9 h 30 à 16 h 30 », "9:30 a.m. to 4:30 p.m.". */
export function formatTimeRange(start: Date, end: Date, locale: Locale, zone: string): string {
	const from = formatTime(start, locale, zone);
	const to = formatTime(end, locale, zone);
	return locale === "fr" ? `de ${from} à ${to}` : `${from} to ${to}`;
}

/**
 * When a session takes place. One meeting: « mardi 1er décembre 2026, de 9 h 30 à 16 h 30 ». Several at the same hours:
 * « 2 rencontres : 10 et 17 février 2027, de 13 h à 16 h ». Else each with its own hours, joined by a semicolon.
 */
export function formatWhen(
	meetings: readonly Meeting[],
	locale: Locale,
	zone: string,
	options: { year?: boolean } = {},
): string {
	const inOrder = meetings.toSorted((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
	const each = inOrder.map((meeting) => ({
		day: formatDay(meeting.startsAt, locale, zone, options),
		hours: formatTimeRange(meeting.startsAt, meeting.endsAt, locale, zone),
	}));
	const [first] = each;
	if (!first) return "";
	if (each.length === 1) return `${first.day}, ${first.hours}`;
	const count = locale === "fr" ? `${each.length} rencontres${nbsp}:` : `${each.length} meetings:`;
	if (each.some((meeting) => meeting.hours !== first.hours)) {
		return `${count} ${each.map((meeting) => `${meeting.day}, ${meeting.hours}`).join("; ")}`;
	}
	const starts = inOrder.map((meeting) => meeting.startsAt);
	return `${count} ${formatDays(starts, locale, zone, options)}, ${first.hours}`;
}

/** « 10 et 17 février 2027 », « 24 février et 3 mars 2027 », « 10 et 17 février, 3 mars 2027 ». Takes them in order. */
function formatDays(days: Date[], locale: Locale, zone: string, options: { year?: boolean }): string {
	const parts = days.map((day) => localParts(day, locale, zone, "longMonth"));
	const years = runs(parts, (part) => part.year).map((ofYear) => {
		const months = runs(ofYear, (part) => part.month).map((ofMonth) => {
			const names = ofMonth.map(({ day }) => day + ordinalOf(day, locale));
			return {
				several: names.length > 1,
				text: dayAndMonth(formatList(names, locale), ofMonth[0]!.month, locale),
			};
		});
		const text = joinDates(months, locale);
		const year = ofYear[0]!.year;
		return { several: ofYear.length > 1, text: options.year === false ? text : withYear(text, year, locale) };
	});
	return joinDates(years, locale);
}

/** An « et » inside a group and another between groups would read as one list: the second becomes a comma. */
function joinDates(groups: { several: boolean; text: string }[], locale: Locale): string {
	const texts = groups.map((group) => group.text);
	return groups.some((group) => group.several) ? texts.join(", ") : formatList(texts, locale);
}

function runs<T>(items: T[], keyOf: (item: T) => string): T[][] {
	const groups: T[][] = [];
	for (const item of items) {
		const last = groups.at(-1);
		if (last && keyOf(last[0]!) === keyOf(item)) last.push(item);
		else groups.push([item]);
	}
	return groups;
}

/** The words of a calendar page, apart, so that the day can be the largest: `{ weekday: "mardi", day: "1", ordinal: "er", … }`. */
export function dateTile(
	at: Date,
	locale: Locale,
	zone: string,
): { weekday: string; day: string; ordinal: "er" | ""; month: string; year: string } {
	const { weekday, day, month, year } = localParts(at, locale, zone, "longMonth");
	return { weekday, day, ordinal: ordinalOf(day, locale), month, year };
}

/** `2026-12` to « décembre 2026 » or "December 2026". */
export function formatMonth(yearAndMonth: string, locale: Locale): string {
	const { month, year } = localParts(new Date(`${yearAndMonth}-15T12:00:00Z`), locale, "UTC", "longMonth");
	return `${month} ${year}`;
}

/** « heure de l’Est », "Eastern time": the zone's name in all seasons; where it has none, its name at that instant. */
export function formatZone(at: Date, locale: Locale, zone: string): string {
	const generic = zoneName(at, locale, zone, "genericZone");
	// Without a generic name, Intl falls back to « heure : Royaume-Uni » or « UTC+00:00 ».
	const name = /[:\d]/.test(generic) ? zoneName(at, locale, zone, "zone") : generic;
	if (locale === "fr") return name.replaceAll("'", "’").replace(/^Heure/, "heure");
	return name.replace(/(?: (?:Standard|Daylight|Summer|Mean|Universal))? Time$/, (words) =>
		words.toLowerCase(),
	);
}

function zoneName(at: Date, locale: Locale, zone: string, shape: "genericZone" | "zone"): string {
	const parts = dateFormat(locale, zone, shape).formatToParts(at);
	return plainSpaces(parts.find((part) => part.type === "timeZoneName")?.value ?? zone);
}

function plainSpaces(text: string): string {
	return text.replaceAll("\u202f", nbsp);
}

/** « 20 nov. » or "Nov 20": English months keep three letters, which CLDR has changed its mind about. */
function shortDay({ day, month }: LocalParts, locale: Locale): string {
	return dayAndMonth(day + ordinalOf(day, locale), locale === "fr" ? month : month.slice(0, 3), locale);
}

/** A moment of this season, for lists: « 20 nov., 10 h 46 », "Nov 20, 10:46 a.m.". */
export function formatStamp(at: Date, locale: Locale, zone: string): string {
	return `${shortDay(localParts(at, locale, zone, "shortMonth"), locale)}, ${formatTime(at, locale, zone)}`;
}

/** « 20 nov. 2026 », "Nov 20, 2026". */
export function formatDateShort(at: Date, locale: Locale, zone: string): string {
	const parts = localParts(at, locale, zone, "shortMonth");
	return withYear(shortDay(parts, locale), parts.year, locale);
}

/** The same in both languages, sorts as text and is read as a date by spreadsheets: `2026-11-20 10:46`, on the zone's clock. */
export function formatSortable(at: Date, zone: string): string {
	const minuteOfZone = `${Math.floor(at.getTime() / 60_000)} ${zone}`;
	let text = sortable.get(minuteOfZone);
	if (text === undefined) {
		text = writeSortable(at, zone);
		if (sortable.size >= mostSortable) sortable.clear();
		sortable.set(minuteOfZone, text);
	}
	return text;
}

/** In a rush many people sign up in one minute, and an export writes the same one again and again. */
const sortable = new Map<string, string>();
const mostSortable = 50_000;

function writeSortable(at: Date, zone: string): string {
	const { year, month, day, hour, minute } = localParts(at, "en", zone, "numericMonth");
	return `${year.padStart(4, "0")}-${month}-${day} ${String(hour).padStart(2, "0")}:${minute}`;
}

const moneyFormats = numberFormats({ style: "currency", currency: "CAD", currencyDisplay: "narrowSymbol" });
const plainFormats = numberFormats({});

function numberFormats(options: Intl.NumberFormatOptions): Record<Locale, Intl.NumberFormat> {
	return { fr: new Intl.NumberFormat("fr-CA", options), en: new Intl.NumberFormat("en-CA", options) };
}

/** Cents to « 1 250,00 $ » or "$1,250.00". */
export function formatMoney(cents: number, locale: Locale): string {
	return plainSpaces(moneyFormats[locale].format(cents / 100));
}

/** « 123456789 RT0001 », which no line's end parts. */
export function formatTaxNumber(number: string): string {
	return number.replace(/(?=[RT][TQ])/, nbsp);
}

/** « 1 250,5 » or "1,250.5". */
export function formatNumber(n: number, locale: Locale): string {
	return plainSpaces(plainFormats[locale].format(n));
}

/** « 6 h », « 2 h 30 min », « 45 min »: a length of time, which no line's end parts. */
export function formatDuration(minutes: number): string {
	const hours = Math.floor(minutes / 60);
	const rest = minutes % 60;
	return [hours > 0 && `${hours}${nbsp}h`, (rest > 0 || hours === 0) && `${rest}${nbsp}min`]
		.filter(Boolean)
		.join(nbsp);
}

/** « a, b et c » or "a, b and c". */
export function formatList(items: readonly string[], locale: Locale): string {
	if (items.length < 2) return items.join("");
	return `${items.slice(0, -1).join(", ")} ${locale === "fr" ? "et" : "and"} ${items.at(-1)}`;
}

/** An address whose postal code no line's end parts: « H2L 1L3 ». */
export function formatAddress(address: string): string {
	return address.replace(/\b([A-Z]\d[A-Z]) (\d[A-Z]\d)\b/gi, `$1${nbsp}$2`);
}

/** The first letter in upper case: « Mardi 1er décembre 2026 ». */
export function capitalize(text: string, locale: Locale): string {
	const [first = ""] = text;
	return first.toLocaleUpperCase(languageTag[locale]) + text.slice(first.length);
}
