import { z } from "zod";
import { datesEvery } from "#app/domain/series.server.ts";
import { isLocalDate } from "#app/domain/time.server.ts";
import type { Dictionary } from "#app/i18n/fr.ts";

type RepeatError = keyof Dictionary["organizer"]["repeat"]["errors"];

const key = (name: RepeatError) => name;

/** How many dates the form has room for when each one is chosen. */
export const chosenDates = Array.from({ length: 12 }, (_, index) => `on${index + 1}`);

const typed = z.string().default("");

/** When a date is held again: every one or two weeks, or on chosen days. Gives the days in order, each once. */
export const repeatForm = z
	.object({
		rhythm: z.enum(["7", "14", "chosen"]),
		first: typed,
		count: typed,
		...Object.fromEntries(chosenDates.map((name) => [name, typed])),
	})
	.transform((form, context) => {
		const problem = (path: string, name: RepeatError) => {
			context.addIssue({ code: "custom", path: [path], message: key(name) });
		};
		if (form.rhythm !== "chosen") {
			const count = Number(form.count);
			if (!isLocalDate(form.first)) problem("first", "date");
			if (!Number.isInteger(count) || count < 1 || count > 52) problem("count", "count");
			return context.issues.length > 0 ? z.NEVER : datesEvery(form.first, Number(form.rhythm), count);
		}
		const dates = chosenDates.flatMap((name) => {
			const date = (form as Record<string, string>)[name] ?? "";
			if (date && !isLocalDate(date)) problem(name, "date");
			return date || [];
		});
		if (dates.length === 0) problem("on1", "none");
		return [...new Set(dates)].sort();
	});
