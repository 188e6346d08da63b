import { expect, test } from "vitest";
import { mergeOptions, parseAnswer, typedAnswer } from "#app/domain/question.ts";
import { type DemoSite, demoSite } from "#db/demo.ts";

const november = new Date("2026-11-23T15:00:00Z");

function datesOf(site: DemoSite): string[] {
	return site.workshops.flatMap(({ sessions }) =>
		sessions.map(({ meetings }) => meetings.map(({ date }) => date).join(" ")),
	);
}

function sessionsOf(site: DemoSite) {
	return site.workshops.flatMap((workshop) =>
		workshop.sessions.map((session) => ({ title: workshop.titleFr, session })),
	);
}

function recordsOf({ firm, workshops }: DemoSite): object[] {
	return [firm, ...workshops, ...workshops.flatMap(({ questions = [] }) => questions)];
}

function frenchTextsOf(record: object): string[] {
	return Object.entries(record).flatMap(([field, value]) =>
		field.endsWith("Fr") && typeof value === "string" ? [value] : [],
	);
}

test.each([
	["eight days before", "2026-11-23T15:00:00Z", 2026],
	["seven days before, just before midnight in Montréal", "2026-11-25T04:59:00Z", 2026],
	["six days before, as midnight strikes in Montréal", "2026-11-25T05:00:00Z", 2027],
	["in the middle of that December", "2026-12-04T15:00:00Z", 2027],
	["on New Year's Eve, when it is already January in Greenwich", "2027-01-01T03:00:00Z", 2027],
	["in summer", "2027-07-01T15:00:00Z", 2027],
])("%s, the next December is far enough away to sign up for", (_when, now, december) => {
	const dates = datesOf(demoSite(new Date(now)));
	expect(dates.slice(0, 2)).toEqual([`${december}-12-01`, `${december}-12-08`]);
	for (const later of dates.slice(2)) expect(later).toMatch(new RegExp(`^${december + 1}-0[123]-`));
});

test("the winter of 2027 has a morning in January, two afternoons in February and a day in March", () => {
	expect(datesOf(demoSite(november)).slice(2)).toEqual(["2027-01-14", "2027-02-10 2027-02-17", "2027-03-11"]);
});

test("nobody is taught on a weekend in winter, and a date only ever moves to the Monday", () => {
	for (let year = 2026; year < 2054; year++) {
		const winter = datesOf(demoSite(new Date(Date.UTC(year, 6, 1))))
			.slice(2)
			.join(" ")
			.split(" ");
		for (const date of winter) expect([1, 2, 3, 4, 5]).toContain(new Date(date).getUTCDay());
		const moved = winter.map((date, place) => Number(date.slice(8)) - [14, 10, 17, 11][place]!);
		for (const days of moved) expect([0, 1, 2]).toContain(days);
		expect(moved[2]).toBe(moved[1]);
	}
});

test("the site shows a nearly full room, a roomy one and a full one with people waiting", () => {
	const left = sessionsOf(demoSite(november)).map(
		({ session }) => session.capacity - session.attendees.length,
	);
	expect(left).toEqual([4, 31, -3, 11, 2]);
});

test("one course is in English and takes two meetings", () => {
	const courses = sessionsOf(demoSite(november)).filter(({ session }) => session.meetings.length > 1);
	expect(courses.map(({ title, session }) => [title, session.language, session.meetings.length])).toEqual([
		["Révéler le potentiel social de votre équipe", "en", 2],
	]);
});

test("every meeting ends after it starts, and meetings follow one another", () => {
	for (const { session } of sessionsOf(demoSite(november))) {
		for (const { date, start, end } of session.meetings) {
			expect(date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
			expect(start).toMatch(/^\d{2}:\d{2}$/);
			expect(end > start).toBe(true);
		}
		const dates = session.meetings.map(({ date }) => date);
		expect(dates).toEqual(dates.toSorted());
	}
});

test("a session is either online with a link to join, or in a room with an address", () => {
	for (const { session } of sessionsOf(demoSite(november))) {
		expect(session.zone).toBe("America/Toronto");
		expect([session.joinUrl !== "", session.place !== "", session.address !== ""]).toEqual(
			session.online ? [true, false, false] : [false, true, true],
		);
	}
});

test("an address signs up once per session, and none could ever belong to someone", () => {
	const site = demoSite(november);
	for (const { session } of sessionsOf(site)) {
		const emails = session.attendees.map(({ email }) => email.toLowerCase());
		expect(new Set(emails).size).toBe(emails.length);
		for (const email of emails) expect(email).toMatch(/^[a-z0-9.-]+@(exemple\.ca|example\.com)$/);
	}
	for (const email of [site.firm.email, site.firm.privacyEmail]) expect(email).toMatch(/@exemple\.ca$/);
});

test("no one appears twice, and everyone has a full name", () => {
	const names = sessionsOf(demoSite(november)).flatMap(({ session }) =>
		session.attendees.map(({ name }) => name),
	);
	expect(new Set(names).size).toBe(names.length);
	for (const name of names) expect(name).toMatch(/^\p{Lu}\S+( \S+)+$/u);
});

test("slugs are slugs, and each is used once", () => {
	const slugs = demoSite(november).workshops.flatMap(({ slugFr, slugEn }) => [slugFr, slugEn]);
	for (const slug of slugs) expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
	expect(new Set(slugs).size).toBe(slugs.length);
});

test("everything written in French is written in English, and the reverse", () => {
	const site = demoSite(november);
	for (const record of recordsOf(site)) {
		const texts = new Map(Object.entries(record));
		const bilingual = [...texts.keys()].filter((field) => /(Fr|En)$/.test(field));
		expect(bilingual.length).toBeGreaterThan(0);
		for (const field of bilingual) {
			const other = field.replace(/(Fr|En)$/, (language) => (language === "Fr" ? "En" : "Fr"));
			expect(texts.get(field), field).toMatch(/\S/);
			expect(texts.get(other), other).not.toBe(texts.get(field));
		}
	}
});

test("one workshop asks questions, at sign-up and after, and what was answered to them can be", () => {
	const asking = demoSite(november).workshops.filter(({ questions = [] }) => questions.length > 0);
	expect(asking.map(({ slugFr }) => slugFr)).toEqual(["une-politique-des-medias-sociaux-qui-sera-lue"]);
	const [{ questions = [], sessions }] = asking as [(typeof asking)[number]];
	expect(new Set(questions.map(({ askedAt }) => askedAt))).toEqual(new Set(["registration", "after"]));
	const given = sessions.flatMap(({ attendees }) => attendees.flatMap(({ answers = [] }) => [answers]));
	expect(given.filter((answers) => answers.length > 0).length).toBeGreaterThan(3);
	for (const answers of given) {
		for (const [index, value] of answers.entries()) {
			const { kind, required, choicesFr = "", choicesEn = "" } = questions[index]!;
			const merged = mergeOptions([], { existing: new Map(), addedFr: choicesFr, addedEn: choicesEn }, false);
			const options = merged.ok ? merged.options : [];
			const typed = value === null ? [] : typedAnswer(value, "fr");
			expect(parseAnswer({ kind, options, required }, typed, "fr")).toEqual({ ok: true, value });
		}
	}
});

test("both languages list as many outcomes, and describe the workshop in two to four paragraphs", () => {
	for (const workshop of demoSite(november).workshops) {
		expect(workshop.outcomesEn.split("\n").length).toBe(workshop.outcomesFr.split("\n").length);
		for (const description of [workshop.descriptionFr, workshop.descriptionEn]) {
			expect([2, 3, 4]).toContain(description.split("\n\n").length);
		}
	}
});

test("the French is set as French is", () => {
	const site = demoSite(november);
	const wrong = /'|\u202f|(?<!\u00a0):|«(?!\u00a0)|(?<!\u00a0)»|\s[?!;]/;
	for (const record of [site.firm, ...site.workshops]) {
		for (const text of frenchTextsOf(record)) expect(text).not.toMatch(wrong);
	}
});
