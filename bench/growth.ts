import { paths } from "#app/paths.ts";
import { cookie, type Lab, load, mailGone, openLab, signUp } from "./lab.ts";
import { givenCopies, givenManyRegistrations, givenPerson, givenSessions, givenTraces } from "./site.ts";
import { type Row, share, times, whole } from "./table.ts";

const perSession = 100;
const sessionsPerWorkshop = 10;
const capacity = 100_000;

/** Pages and rates of a small site beside a large one, and of a site whose one date has few people or many. */
export async function measureGrowth(seconds: number, long: boolean): Promise<Row[]> {
	const site = (lab: Lab, sessions: number) => fillSite(lab, sessions, seconds);
	return [
		...(await compare(site, sessionsPerWorkshop, long ? 10_000 : 1_000)),
		// 100,000 seats are the most that a date has, and a full one shows another form.
		...(await compare(fillDate, perSession, long ? 99_000 : 10_000)),
	];
}

type Site = { size: string; figures: Figure[] };

type Figure = {
	what: string;
	unit: "ms" | "/s";
	/** How often it is measured, for the median. */
	turns: number;
	target?: string;
	measure: () => Promise<number>;
};

/** Both sites with a process each, asked in turn: what else the machine does meanwhile slows both. */
async function compare(fill: (lab: Lab, size: number) => Promise<Site>, few: number, many: number) {
	const labs = [await openLab(), await openLab()] as const;
	try {
		const small = await fill(labs[0], few);
		const large = await fill(labs[1], many);
		const rows: Row[] = [];
		for (const [n, { what, unit, turns, target }] of small.figures.entries()) {
			const seen = { small: [] as number[], large: [] as number[] };
			// The first half is not counted: what a process compiles is not its pace.
			for (let turn = 0; turn < 2 * turns; turn += 1) {
				seen.small.push(await small.figures[n]!.measure());
				seen.large.push(await large.figures[n]!.measure());
			}
			const [before, after] = [median(seen.small.slice(turns)), median(seen.large.slice(turns))];
			const show = (value: number) => (unit === "ms" ? `${value.toFixed(1)} ms` : whole(value));
			rows.push({
				what: `${what}; ${large.size}`,
				figure: show(after),
				limit: `${small.size}: ${show(before)}`,
				ratio: unit === "ms" ? times(after, before) : share(after, before),
				target,
			});
		}
		return rows;
	} finally {
		for (const lab of labs) await lab.stop();
	}
}

function median(values: number[]): number {
	return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/**
 * Ten dates of one workshop, of which the first has 100 people and the others none; a large site has more workshops, and
 * as many people at every date. The date, the person and the workshop that are asked for are the same on both.
 */
async function fillSite(lab: Lab, sessions: number, seconds: number): Promise<Site> {
	const { workshopId, path, ids } = await givenSessions(lab.db, sessionsPerWorkshop, 1000);
	const large = sessions > sessionsPerWorkshop;
	const date = ids[0]!;
	const { id, email } = await givenPerson(lab.db, date);
	await givenManyRegistrations(lab.db, [date], perSession - 1);
	if (large) await givenManyRegistrations(lab.db, ids.slice(1), perSession);
	await mailGone(lab.db);
	await givenTraces(lab.db, id);
	if (large) await givenCopies(lab.db, workshopId, sessions / sessionsPerWorkshop - 1);

	const { organizer } = paths;
	const list = paths.list("fr");
	const listPages = { url: lab.app.url, path: list, connections: 32, seconds };
	return {
		size: `${whole(sessions)} sessions, ${whole(large ? sessions * perSession : perSession)} people`,
		figures: [
			page(lab, "list: 10 dates, then 40", list),
			page(lab, "its second page beside that of 10", large ? `${list}?page=2` : list),
			page(lab, "list of one workshop", `${list}?atelier=${path.split("/")[2]}`),
			page(lab, "form", path),
			page(lab, "organizer's dates: 10, then 50", organizer.home()),
			page(lab, "attendee list", organizer.session(date)),
			page(lab, "search in it", `${organizer.session(date)}?q=zoe`),
			page(lab, "CSV of 100 people", organizer.csv(date)),
			page(lab, "XLSX of 100 people", organizer.xlsx(date)),
			page(lab, "one person", organizer.registration(date, id)),
			page(lab, "all people", organizer.attendees()),
			page(lab, "search of a name in them", `${organizer.attendees()}?q=zoe`),
			page(lab, "search of an address in them", `${organizer.attendees()}?q=${email}`),
			page(lab, "emails", organizer.emails()),
			page(lab, "journal", organizer.audit()),
			page(lab, "health", paths.health()),
			{ what: "cold start", unit: "ms", turns: 3, measure: () => startAgain(lab) },
			{
				what: "list pages/s: 10 dates, then 40; 32 connections",
				unit: "/s",
				turns: 1,
				measure: async () => (await load(listPages)).perSecond,
			},
			// The last one: it leaves thousands of people.
			{
				what: "sign-ups/s, one session, 32 connections",
				unit: "/s",
				turns: 1,
				measure: () => signUpsPerSecond(lab, seconds),
			},
		],
	};
}

/** One date with that many people. */
async function fillDate(lab: Lab, people: number): Promise<Site> {
	const { path, ids } = await givenSessions(lab.db, 1, capacity);
	const date = ids[0]!;
	const { id } = await givenPerson(lab.db, date);
	await givenManyRegistrations(lab.db, ids, people - 1);
	await mailGone(lab.db);
	await givenTraces(lab.db, id);
	return {
		size: `${whole(people)} people at one date`,
		figures: [
			page(lab, "attendee list", paths.organizer.session(date)),
			page(lab, "search in it", `${paths.organizer.session(date)}?q=zoe`),
			page(lab, "organizer's dates", paths.organizer.home()),
			page(lab, "form", path),
		],
	};
}

/** Milliseconds that a signed-in organizer waits for a page. */
function page(lab: Lab, what: string, path: string): Figure {
	const measure = async () => {
		const before = performance.now();
		const answer = await fetch(lab.app.url + path, { headers: { Cookie: cookie } });
		await answer.arrayBuffer();
		if (!answer.ok) throw new Error(`${path} was answered ${answer.status}.`);
		return performance.now() - before;
	};
	return { what, unit: "ms", turns: 30, target: "≤ 2 ×", measure };
}

/** Milliseconds until one more instance serves; it ends then. */
async function startAgain(lab: Lab): Promise<number> {
	const { app, coldStart } = await lab.startAnother();
	await app.stop();
	return coldStart;
}

async function signUpsPerSecond(lab: Lab, seconds: number): Promise<number> {
	const date = await givenSessions(lab.db, 1, capacity);
	const { statuses } = await signUp(lab, date, { connections: 32, seconds, most: 5_000 * seconds });
	return (statuses[303] ?? 0) / seconds;
}
