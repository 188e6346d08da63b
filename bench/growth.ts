import { paths } from "#app/paths.ts";
import { cookie, givenCopies, givenManyRegistrations, givenSessions, openLab } from "./lab.ts";
import { type Row, times } from "./table.ts";

const perSession = 100;
const sessionsPerWorkshop = 10;
const asked = 30;

/** The same pages on a small site and on a large one, one after the other: the median of some answers, in milliseconds. */
export async function measureGrowth(long: boolean): Promise<Row[]> {
	const lab = await openLab();
	try {
		const first = await givenSessions(lab.db, sessionsPerWorkshop, 1000);
		const hot = first.ids[0]!;
		await givenManyRegistrations(lab.db, first.ids, perSession);
		const pages = [
			["list", paths.list("fr")],
			["list, second page", `${paths.list("fr")}?page=2`],
			["form", first.path],
			["organizer's dates", paths.organizer.home()],
			["attendee list", paths.organizer.session(hot)],
			["search in it", `${paths.organizer.session(hot)}?q=zoe`],
			["CSV of 100 people", paths.organizer.csv(hot)],
			["health", paths.health()],
		] as const;
		const measure = async () => {
			const all: number[] = [];
			for (const [, path] of pages) all.push(await medianTime(lab.app.url + path));
			return all;
		};
		await measure();
		const small = await measure();
		const sessions = long ? 10_000 : 1_000;
		await givenCopies(lab.db, first.workshopId, sessions / sessionsPerWorkshop - 1);
		const large = await measure();
		const people = (sessions * perSession).toLocaleString("en-CA");
		return pages.map(([name], n) => ({
			what: `${name}, ${sessions.toLocaleString("en-CA")} sessions, ${people} people`,
			figure: `${large[n]!.toFixed(1)} ms`,
			limit: `10 sessions, 1,000 people: ${small[n]!.toFixed(1)} ms`,
			ratio: times(large[n]!, small[n]!),
			target: "≤ 2 ×",
		}));
	} finally {
		await lab.stop();
	}
}

async function medianTime(url: string): Promise<number> {
	const times: number[] = [];
	for (let n = 0; n < asked; n += 1) {
		const before = performance.now();
		const answer = await fetch(url, { headers: { Cookie: cookie } });
		await answer.arrayBuffer();
		if (!answer.ok) throw new Error(`${url} was answered ${answer.status}.`);
		times.push(performance.now() - before);
	}
	return times.sort((a, b) => a - b)[Math.floor(asked / 2)]!;
}
