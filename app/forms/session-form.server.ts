import { z } from "zod";
import { locales } from "#app/domain/locale.ts";
import { mostMeetings, zones } from "#app/domain/session.ts";
import { isLocalDate, isLocalTime, zonedInstant } from "#app/domain/time.server.ts";
import type { Dictionary } from "#app/i18n/fr.ts";
import { reminderFields, reminderOf } from "./reminder-form.server.ts";
import { checkbox, isWebAddress, line } from "./text.ts";

type SessionError = keyof Dictionary["organizer"]["session"]["errors"];

const key = (name: SessionError) => name;
const rowNumbers = Array.from({ length: mostMeetings }, (_, index) => index + 1);
const typed = z
	.string()
	.default("")
	.transform((value) => value.trim());
const meetingFields = Object.fromEntries(
	rowNumbers.flatMap((n) => [`date${n}`, `start${n}`, `end${n}`].map((name) => [name, typed])),
);

type ParsedMeeting = {
	localDate: string;
	localStart: string;
	localEnd: string;
	startsAt: Date;
	endsAt: Date;
};

/**
 * One date of a workshop, in the wall clock of its zone. Rows of meetings left empty are dropped; a time that does not
 * exist, or exists twice, on the night the clocks change is an error of that field. A meeting that has begun is one too,
 * unless the date already had one on that day: `held` has its days, `2026-12-01`.
 */
export function sessionForm(now: Date, held: string[] = []) {
	return z
		.looseObject({
			...meetingFields,
			zone: z.enum(zones),
			language: z.enum(locales),
			where: z.enum(["place", "online"]),
			place: line(120, key("place")),
			address: line(300, key("place")),
			joinUrl: line(500, key("joinUrl")),
			capacity: z.coerce
				.number(key("capacity"))
				.int(key("capacity"))
				.min(1, key("capacity"))
				.max(100_000, key("capacity")),
			minimum: z.preprocess(
				(value) => value || "0",
				z.coerce.number(key("minimum")).int(key("minimum")).min(0, key("minimum")),
			),
			breakMinutes: z.preprocess(
				(value) => value || "0",
				z.coerce.number(key("break")).int(key("break")).min(0, key("break")),
			),
			price: typed,
			opensAt: typed,
			closesAt: typed,
			cancelUntil: typed,
			giveUntil: typed,
			...reminderFields,
			feedbackUrl: line(500, key("feedbackUrl")),
			thanks: checkbox,
			waitlistMode: z.enum(["automatic", "offer", "none"]),
			published: checkbox,
			revision: z.coerce.number().int().optional(),
			key: z.uuid().optional().catch(undefined),
		})
		.transform((form, context) => {
			const problem = (path: string, name: SessionError) => {
				context.addIssue({ code: "custom", path: [path], message: key(name) });
			};
			const online = form.where === "online";
			if (!online && form.place === "") problem("place", "place");
			if (!isWebAddress(form.joinUrl)) problem("joinUrl", "joinUrl");
			if (!isWebAddress(form.feedbackUrl)) problem("feedbackUrl", "feedbackUrl");
			if (form.minimum > form.capacity) problem("minimum", "minimum");
			const meetings = readMeetings(form as Record<string, unknown>, form.zone, { now, held }, problem);
			const lasts = ({ startsAt, endsAt }: ParsedMeeting) => (endsAt.getTime() - startsAt.getTime()) / 60_000;
			if (meetings.some((meeting) => lasts(meeting) <= form.breakMinutes)) problem("breakMinutes", "break");
			const priceCents = readPrice(form.price);
			if (priceCents === null) problem("price", "price");
			const moments = {
				opensAt: readMoment("opensAt", form.opensAt, form.zone, problem),
				closesAt: readMoment("closesAt", form.closesAt, form.zone, problem),
				cancelUntil: readMoment("cancelUntil", form.cancelUntil, form.zone, problem),
				giveUntil: readMoment("giveUntil", form.giveUntil, form.zone, problem),
			};
			const [first, ...others] = meetings;
			const { opensAt, closesAt } = moments;
			if (opensAt && closesAt && opensAt >= closesAt) problem("closesAt", "closesFirst");
			if (opensAt && first && opensAt >= first.startsAt) problem("opensAt", "opensLate");
			if (!first || priceCents === null || context.issues.length > 0) return z.NEVER;
			return {
				revision: form.revision,
				key: form.key,
				input: {
					language: form.language,
					online,
					place: form.place,
					address: form.address,
					joinUrl: online ? form.joinUrl : "",
					zone: form.zone,
					capacity: form.capacity,
					priceCents,
					minimum: form.minimum,
					breakMinutes: form.breakMinutes,
					waitlistMode: form.waitlistMode,
					...moments,
					...reminderOf(form),
					feedbackUrl: form.feedbackUrl,
					thanks: form.thanks,
					published: form.published,
					meetings: [first, ...others] satisfies [ParsedMeeting, ...ParsedMeeting[]] as [
						ParsedMeeting,
						...ParsedMeeting[],
					],
				},
			};
		});
}

type Problem = (path: string, name: SessionError) => void;

function readMeetings(
	form: Record<string, unknown>,
	zone: string,
	{ now, held }: { now: Date; held: string[] },
	problem: Problem,
): ParsedMeeting[] {
	const meetings: ParsedMeeting[] = [];
	for (const n of rowNumbers) {
		const localDate = String(form[`date${n}`] ?? "");
		const localStart = String(form[`start${n}`] ?? "");
		const localEnd = String(form[`end${n}`] ?? "");
		if (n > 1 && !localDate && !localStart && !localEnd) continue;
		if (!localDate) problem(`date${n}`, "date");
		else if (!isLocalDate(localDate)) problem(`date${n}`, "dateInvalid");
		else if (!isLocalTime(localStart)) problem(`start${n}`, "time");
		else if (!isLocalTime(localEnd)) problem(`end${n}`, "time");
		else {
			const startsAt = readInstant(`start${n}`, localDate, localStart, zone, problem);
			const endsAt = readInstant(`end${n}`, localDate, localEnd, zone, problem);
			const previous = meetings.at(-1);
			if (!startsAt || !endsAt) continue;
			// Mistyped, a year would be told to everyone as the new date.
			if (startsAt <= now && !held.includes(localDate)) problem(`date${n}`, "begun");
			else if (endsAt <= startsAt) problem(`end${n}`, "order");
			else if (previous && startsAt < previous.endsAt) problem(`date${n}`, "overlap");
			else meetings.push({ localDate, localStart, localEnd, startsAt, endsAt });
		}
	}
	return meetings;
}

function readMoment(path: string, value: string, zone: string, problem: Problem): Date | null {
	if (value === "") return null;
	const [date = "", time = ""] = value.split("T");
	if (!isLocalDate(date) || !isLocalTime(time.slice(0, 5))) {
		problem(path, "moment");
		return null;
	}
	return readInstant(path, date, time.slice(0, 5), zone, problem);
}

function readInstant(path: string, date: string, time: string, zone: string, problem: Problem): Date | null {
	const zoned = zonedInstant(date, time, zone);
	if (zoned.ok) return zoned.instant;
	problem(path, zoned.reason === "gap" ? "gap" : "ambiguous");
	return null;
}

/** « 1 250,50 $ » or "125" to cents; null when it is not an amount of money. */
function readPrice(value: string): number | null {
	const amount = value.replace(/[\s$]/g, "").replace(",", ".");
	if (amount === "") return 0;
	return /^\d{1,6}(\.\d{1,2})?$/.test(amount) ? Math.round(Number(amount) * 100) : null;
}
