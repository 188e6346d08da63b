import { addDays, localDateOf } from "./time.server.ts";

export type DayOfGrowth = { localDate: string; added: number; total: number };

const mostDays = 90;

/**
 * How a number grew, day by day on a zone's calendar, from the day before the first to today; what came over ninety days
 * ago is there from the start. `hours` counts what was added in the hour that begins then. Empty when nothing was.
 */
export function growthByDay(hours: { hour: Date; count: number }[], zone: string, now: Date): DayOfGrowth[] {
	if (hours.length === 0) return [];
	const added = new Map<string, number>();
	for (const { hour, count } of hours) {
		const localDate = localDateOf(hour, zone);
		added.set(localDate, (added.get(localDate) ?? 0) + count);
	}
	const today = localDateOf(now, zone);
	const earliest = addDays([...added.keys()].sort()[0]!, -1);
	const from = [earliest, addDays(today, -mostDays)].sort()[1]!;
	let total = [...added].reduce((sum, [date, count]) => (date <= from ? sum + count : sum), 0);
	const days: DayOfGrowth[] = [{ localDate: from, added: 0, total }];
	for (let date = addDays(from, 1); date <= today; date = addDays(date, 1)) {
		const count = added.get(date) ?? 0;
		total += count;
		days.push({ localDate: date, added: count, total });
	}
	return days;
}
