import ICAL from "ical.js";
import { afterAll, expect, test } from "vitest";
import { dictionary } from "#app/i18n/translate.ts";
import type { SessionInput } from "#app/use-cases/schedule-session.server.ts";
import { newId } from "#db/id.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import type { Firm, Workshop } from "#db/schema.ts";
import { filled, type Message, manageUrlPlaceholder, type PagedMessage } from "#emails/message.ts";
import { confirmation, confirmations } from "#emails/templates/confirmation.tsx";
import { groupBooked } from "#emails/templates/group-booked.tsx";
import type { PlaceFacts } from "#emails/templates/registration-email.tsx";
import { signInEmail } from "#emails/templates/sign-in.tsx";
import { createTestDatabase } from "#tests/database.ts";
import { aMeeting, aPlace, givenOrganizer, minutesLater, now } from "#tests/fixtures.ts";
import { eventsOf } from "../exports/calendars.ts";
import { templateNames, templates } from "./every-template.ts";

const { db, drop } = await createTestDatabase();
afterAll(drop);

const online = { online: true, place: "", address: "", joinUrl: "https://visio.exemple.ca/salle?a=1&b=2" };

function everyTemplate(facts: PlaceFacts): Message[] {
	return Object.values(templates).map((template) => template(facts));
}

function plainSpaces(text: string): string {
	return text.replaceAll("\u00a0", " ");
}

/** The words of an HTML email, as a reader that runs nothing shows them. */
function wordsOf(html: string): string {
	const body = html.slice(html.indexOf("<body"));
	return plainSpaces(body.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " "));
}

const withLink = { fr: "Gérer mon inscription", en: "Manage my registration" };

test.each([
	[
		"confirmation",
		"fr",
		"Place confirmée : Les médias sociaux en entreprise, mardi 1er décembre",
		["Votre place est réservée", "On vous attend mardi 1er décembre, à 9 h 30.", withLink.fr],
	],
	[
		"confirmation",
		"en",
		"Seat confirmed: Social media at work, Tuesday, December 1",
		["Your seat is reserved", "See you on Tuesday, December 1, at 9:30 a.m.", withLink.en],
	],
	[
		"waitlisted",
		"fr",
		"Liste d’attente : Les médias sociaux en entreprise, mardi 1er décembre",
		["Vous êtes sur la liste d’attente", "Vous êtes au 2e rang.", "quitter la liste"],
	],
	[
		"waitlisted",
		"en",
		"Waitlist: Social media at work, Tuesday, December 1",
		["You are on the waitlist", "You are 2nd in line.", "leave the list"],
	],
	[
		"seated",
		"fr",
		"Une place s’est libérée : Les médias sociaux en entreprise, mardi 1er décembre",
		["Une place s’est libérée, elle est à vous", withLink.fr],
	],
	[
		"seated",
		"en",
		"A seat has opened up: Social media at work, Tuesday, December 1",
		["A seat has opened up, and it is yours", withLink.en],
	],
	[
		"already-registered",
		"fr",
		"Vous êtes déjà sur la liste : Les médias sociaux en entreprise, mardi 1er décembre",
		["Vous étiez déjà sur la liste", "Ce n’était pas vous?", withLink.fr],
	],
	[
		"already-registered",
		"en",
		"You are already on the list: Social media at work, Tuesday, December 1",
		["You were already on the list", "Was this not you?", withLink.en],
	],
	[
		"cancellation",
		"fr",
		"Inscription annulée : Les médias sociaux en entreprise, mardi 1er décembre",
		["Votre inscription est annulée", "Votre place a été libérée.", "Voir les prochaines dates"],
	],
	[
		"cancellation",
		"en",
		"Registration cancelled: Social media at work, Tuesday, December 1",
		["Your registration is cancelled", "Your seat has been released.", "See the next dates"],
	],
	[
		"reminder",
		"fr",
		"Rappel : Les médias sociaux en entreprise, mardi 1er décembre",
		["On vous attend mardi 1er décembre", "L’atelier commence à 9 h 30.", withLink.fr],
	],
	[
		"reminder",
		"en",
		"Reminder: Social media at work, Tuesday, December 1",
		["See you on Tuesday, December 1", "The workshop starts at 9:30 a.m.", withLink.en],
	],
	[
		"cancellation-waiting",
		"fr",
		"Inscription annulée : Les médias sociaux en entreprise, mardi 1er décembre",
		["Votre inscription est annulée", "Vous n’êtes plus sur la liste d’attente."],
	],
	[
		"cancellation-waiting",
		"en",
		"Registration cancelled: Social media at work, Tuesday, December 1",
		["Your registration is cancelled", "You are no longer on the waitlist."],
	],
	[
		"session-changed",
		"fr",
		"Changement : Les médias sociaux en entreprise, mardi 1er décembre",
		[
			"Votre séance a changé d’horaire",
			"Votre place est gardée.",
			"Avant : Lundi 30 novembre 2026, de 9 h 30 à 16 h 30",
			"Maintenant : Mardi 1er décembre 2026, de 9 h 30 à 16 h 30",
			"Avant : Laval",
			"Maintenant : Montréal, Centre-ville, 1200, rue Sainte-Catherine Est",
			withLink.fr,
		],
	],
	[
		"session-changed-waiting",
		"en",
		"Change: Social media at work, Tuesday, December 1",
		[
			"Your session has a new schedule",
			"You keep your rank on the waitlist.",
			"Before: Monday, November 30, 2026, 9:30 a.m. to 4:30 p.m.",
			"Now: Tuesday, December 1, 2026, 9:30 a.m. to 4:30 p.m.",
			"leave the list",
		],
	],
	[
		"session-cancelled",
		"fr",
		"Séance annulée : Les médias sociaux en entreprise, mardi 1er décembre",
		["La séance du mardi 1er décembre est annulée", "vous n’avez rien à faire"],
	],
	[
		"session-cancelled-waiting",
		"en",
		"Session cancelled: Social media at work, Tuesday, December 1",
		[
			"The session on Tuesday, December 1 is cancelled",
			"You were waiting for a seat.",
			"À bientôt.",
			"The other dates of this workshop:",
		],
	],
] as const)(
	"%s, in %s: the same words in the HTML and in the text",
	async (name, locale, subject, sentences) => {
		const facts = await aPlace(db, locale);
		const message = templates[name](facts);
		expect(plainSpaces(message.subject)).toBe(subject);
		const ticket = {
			fr: [
				"Mardi 1er décembre 2026, de 9 h 30 à 16 h 30",
				"Les médias sociaux en entreprise",
				"Montréal, Centre-ville",
				"1200, rue Sainte-Catherine Est",
				"Formation Exemple inc. vous écrit parce que",
				"Vos renseignements personnels",
			],
			en: [
				"Tuesday, December 1, 2026, 9:30 a.m. to 4:30 p.m.",
				"Social media at work",
				"Montréal, Centre-ville",
				"1200, rue Sainte-Catherine Est",
				"Formation Exemple inc. is writing to you because",
				"Your personal information",
			],
		}[locale];
		for (const words of [wordsOf(message.html), plainSpaces(message.text)]) {
			for (const sentence of [...sentences, ...ticket, "Zoé Roy", "7KQ2-M4TD"])
				expect(words).toContain(sentence);
			expect(words).toContain("1200, rue Sainte-Catherine Est, Montréal");
		}
		expect(message).toMatchObject({
			locale,
			to: { name: "Zoé Roy", address: "zoe@exemple.ca" },
			replyTo: "formation@exemple.ca",
			owner: { registrationId: facts.registration.id },
		});
		expect(message.html).toMatch(new RegExp(`^<!doctype html><html lang="${locale}-CA">`));
		expect(message.text).not.toMatch(/<\/?[a-z]|&[a-z]+;/);
	},
);

test("everyone who holds or awaits a place gets their own link, as a placeholder; who left gets the workshop's page", async () => {
	const facts = await aPlace(db, "fr");
	for (const [name, template] of Object.entries(templates)) {
		const { html, text } = template(facts);
		if (name === "thanks-feedback") continue;
		const hasLink = !/cancel|erased|address-corrected|gave-seat/.test(name);
		expect(html.includes(`href="${manageUrlPlaceholder}"`), name).toBe(hasLink);
		expect(text.split("\n").includes(manageUrlPlaceholder), name).toBe(hasLink);
		if (!hasLink) {
			const page = `https://ateliers.exemple.ca/ateliers/${facts.workshop.slugFr}`;
			expect(html).toContain(`href="${page}"`);
			expect(text).toContain(`\n${page}\n`);
		}
	}
});

test("who cancelled is counted neither with the seats of their group nor with those who wait", async () => {
	const facts = await aPlace(db, "fr");
	const { id } = facts.booking;
	const booking = await db.selectFrom("booking").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
	const told = (...statuses: ("confirmed" | "waitlisted" | "cancelled")[]) => {
		const { sessionId } = booking;
		const registrations = statuses.map((status) => ({
			...facts.registration,
			sessionId,
			status,
			shownAs: null,
		}));
		return groupBooked({ ...facts, booking, registrations });
	};
	const { subject, text } = told("confirmed", "confirmed", "waitlisted", "cancelled");
	expect(subject).toContain("Inscription de 3 personnes");
	expect(text).toMatch(/^2 places sont réservées, 1 personne attend\n/);
	expect(told("confirmed", "cancelled").text).toMatch(/^1 place est réservée\n/);
	expect(told("cancelled").text).toMatch(/^Personne n’est inscrit pour l’instant\n/);
});

test("who moved to another date is named as such to the contact of their group, and has no seat at this one", async () => {
	const facts = await aPlace(db, "fr");
	const { id } = facts.booking;
	const booking = await db.selectFrom("booking").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
	const here = {
		...facts.registration,
		name: "Zoé Roy",
		status: "confirmed" as const,
		shownAs: null,
		sessionId: booking.sessionId,
	};
	const there = { ...here, name: "Noé Côté", sessionId: "another date" };
	const told = (...registrations: (typeof here)[]) => groupBooked({ ...facts, booking, registrations });
	const { subject, text } = told(here, there);
	expect(subject).toContain("Inscription de 2 personnes");
	expect(text).toMatch(/^1 place est réservée\n/);
	expect(text).toContain("Zoé Roy, Noé Côté (autre date)");
	expect(told(there, there).text).toMatch(/^Cette inscription a changé de date\n/);
	expect(told(there, there).text).not.toContain("réservée");
});

test("the link to join online is for those who have a seat, and nobody else", async () => {
	const facts = await aPlace(db, "fr", online);
	for (const [name, template] of Object.entries(templates)) {
		const { html, text, calendar } = template(facts);
		const everything = `${html}\n${text}\n${calendar?.content.replaceAll("\r\n ", "")}`;
		const seated = [
			"confirmation",
			"confirmation-tentative",
			"session-confirmed",
			"seated",
			"reminder",
			"session-changed",
			"switched",
			"received-seat",
		].includes(name);
		expect(everything.includes("visio.exemple.ca"), name).toBe(seated);
	}
	const { html, text } = templates.confirmation(facts);
	expect(text).toContain(online.joinUrl);
	expect(html).toContain('href="https://visio.exemple.ca/salle?a=1&amp;b=2"');
	expect(plainSpaces(text)).toContain("de 9 h 30 à 16 h 30 (heure de l’Est)");
});

const withCalendar = templateNames.filter((name) =>
	/^(confirmation|seated|switched|received|gave|reminder|session-(confirmed|changed|cancelled))/.test(name),
);

test.each(["PUBLISH", "REQUEST"])(
	"every calendar is read alike by two parsers, one meeting or several, sent as %s",
	async (method) => {
		const several = ["2027-03-10", "2027-03-15", "2027-11-10"].map((day) => aMeeting(day));
		for (const meetings of [[several[0]], several] as SessionInput["meetings"][]) {
			const place = await aPlace(db, "fr", { meetings });
			const facts = { ...place, firm: { ...place.firm, calendarInvitations: method === "REQUEST" } };
			for (const name of withCalendar) {
				const { calendar } = templates[name](facts);
				if (name.endsWith("waiting")) expect(calendar, name).toBeUndefined();
				if (!calendar) continue;
				const events = eventsOf(calendar.content);
				expect(
					events.map(({ start }) => start),
					name,
				).toEqual(meetings.map(({ startsAt }) => startsAt.toISOString()));
				const takesAway = /gave-seat|cancelled/.test(name);
				const invites = method === "REQUEST" && meetings.length === 1;
				expect(calendar.method, name).toBe(takesAway ? "CANCEL" : invites ? "REQUEST" : "PUBLISH");
				expect(calendar.content).toContain(`METHOD:${calendar.method}\r\n`);
				const unfolded = calendar.content.replaceAll("\r\n ", "");
				expect(/^ATTENDEE;CN="Zoé Roy";.*:mailto:zoe@exemple\.ca\r$/m.test(unfolded), name).toBe(
					method === "REQUEST",
				);
			}
		}
	},
);

test.each(["fr", "en"] as const)(
	"the reminder of a date in a room says in %s where the code for the door is",
	async (locale) => {
		const place = await aPlace(db, locale);
		const { doorCode } = dictionary(locale).email.reminder;
		const { html, text } = templates.reminder(place);
		for (const body of [html, text]) expect(plainSpaces(body)).toContain(plainSpaces(doorCode));
		const online = templates.reminder({ ...place, session: { ...place.session, online: true } });
		for (const body of [online.html, online.text])
			expect(plainSpaces(body)).not.toContain(plainSpaces(doorCode));
	},
);

const taxNumbers = { gstNumber: "123456789RT0001", qstNumber: "1234567890TQ0001" };

test("who has a price to pay finds each tax with its number and the total, and nobody else does", async () => {
	const place = await aPlace(db, "fr", { priceCents: 12_500 });
	const firm = { ...place.firm, ...taxNumbers };
	expect(plainSpaces(templates.confirmation({ ...place, firm }).text)).toContain(
		[
			"Prix avant taxes : 125,00 $",
			"TPS : 6,25 $ (123456789 RT0001)",
			"TVQ : 12,47 $ (1234567890 TQ0001)",
			"Total : 143,72 $, payable sur facture",
		].join("\n"),
	);
	for (const name of ["waitlisted", "cancellation", "thanks", "reminder"] as const)
		expect(templates[name]({ ...place, firm }).text, name).not.toContain("125,00");
	const untaxed = plainSpaces(templates.confirmation(place).text);
	expect(untaxed).toContain("\nPrix : 125,00 $, payable sur facture\n");
	expect(untaxed).not.toMatch(/TPS|TVQ|taxe/);
	const free = { ...place.registration, priceCents: 0 };
	expect(templates.confirmation({ ...place, firm, registration: free }).text).not.toContain("TPS");
});

test("what was agreed to is what the emails say, whatever the price became for others", async () => {
	const place = await aPlace(db, "en", { priceCents: 12_500 });
	const dearer = { ...place, session: { ...place.session, priceCents: 99_900 } };
	expect(templates.confirmation(dearer).text).toContain("Price: $125.00, payable by invoice");
});

test("the contact of a group reads what all its seats cost, its taxes rounded once", async () => {
	const facts = await aPlace(db, "fr", { priceCents: 19_500 });
	const { id } = facts.booking;
	const booking = await db.selectFrom("booking").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
	const registrations = Array.from({ length: 11 }, (_, index) => ({
		...facts.registration,
		sessionId: booking.sessionId,
		status: index < 10 ? ("confirmed" as const) : ("waitlisted" as const),
		shownAs: null,
	}));
	const firm = { ...facts.firm, ...taxNumbers };
	expect(plainSpaces(groupBooked({ ...facts, firm, booking, registrations }).text)).toContain(
		[
			"Prix avant taxes, 10 personnes : 1 950,00 $",
			"TPS : 97,50 $ (123456789 RT0001)",
			"TVQ : 194,51 $ (1234567890 TQ0001)",
			"Total : 2 242,01 $, payable sur facture",
		].join("\n"),
	);
});

const hostile = `<script>alert("a")</script> & <img src=x onerror='alert(1)'>`;

test("whatever people typed is text: no template lets markup through", async () => {
	const facts = await aPlace(db, "en");
	const texts: Partial<Workshop> = { titleFr: hostile, titleEn: hostile };
	const firm: Firm = { ...facts.firm, name: hostile, postalAddress: hostile, email: "a@exemple.ca" };
	const messages = everyTemplate({
		...facts,
		firm,
		workshop: { ...facts.workshop, ...texts },
		session: { ...facts.session, place: hostile, address: hostile },
		registration: { ...facts.registration, name: hostile },
	});
	const organizer = await givenOrganizer(db, { name: hostile });
	messages.push(signInEmail(firm, organizer, { id: "1", code: "123456", url: "https://exemple.ca/" }));
	for (const { kind, html, calendar } of messages) {
		expect(html, kind).not.toMatch(/<script|<img/i);
		expect(html, kind).toContain("&lt;script&gt;");
		if (calendar) expect(() => ICAL.parse(calendar.content)).not.toThrow();
	}
});

function whole(message: Message | PagedMessage): Message {
	return "page" in message ? filled(message) : message;
}

test("people who sign up together each get, to the letter, the confirmation they would have got alone", async () => {
	const others = [
		{},
		{ email: null },
		{ locale: "en" },
		{ name: hostile },
		{ name: "$& $1 {{date}} Zoé" },
	] as const;
	for (const changes of [{}, online]) {
		const facts = await aPlace(db, "fr", changes);
		const emailTexts = {
			"confirmation.fr": { subject: "{{name}}", heading: "{{name}}!", body: "{{name}}, {{date}}" },
		};
		const together = confirmations(now);
		for (const changes of [{}, { emailTexts }, { calendarInvitations: true }]) {
			const firm = { ...facts.firm, ...changes };
			const write = Object.keys(changes).length === 0 ? together : confirmations(now);
			for (const [n, other] of others.entries()) {
				const id = newId();
				const registration = { ...facts.registration, id, calendarUid: `${id}@exemple.ca`, ...other };
				const booking = { ...facts.booking, reference: `7KQ2M4T${n}` };
				const place = { ...facts, firm, booking, registration };
				expect(whole(write(place))).toEqual(confirmation(place, now));
			}
		}
	}
});

test("a page that was rendered for others serves nobody once anything on it has changed", async () => {
	const facts = await aPlace(db, "fr");
	const tentative = { ...facts.session, tentative: true, minimum: 5, seatsTaken: 4 };
	const moved = facts.meetings.map((meeting) => ({
		...meeting,
		startsAt: new Date(meeting.startsAt.getTime() + 3_600_000),
	}));
	const changed: PlaceFacts[] = [
		facts,
		{ ...facts, session: tentative },
		{ ...facts, session: { ...facts.session, place: "Salle B" } },
		{ ...facts, registration: { ...facts.registration, priceCents: 12_345 } },
		{ ...facts, firm: { ...facts.firm, ...taxNumbers } },
		{ ...facts, meetings: moved },
		{ ...facts, workshop: { ...facts.workshop, titleFr: "Un autre titre" } },
		{ ...facts, firm: { ...facts.firm, postalAddress: "12, rue Neuve" } },
		{ ...facts, publicUrl: "https://ailleurs.exemple.ca" },
		{ ...facts, registration: { ...facts.registration, calendarSequence: 1 } },
	];
	const said = changed.map((place) => whole(confirmations(now)(place)));
	expect(said).toEqual(changed.map((place) => confirmation(place, now)));
	expect(new Set(said.map(({ html, calendar }) => html + calendar?.content)).size).toBe(changed.length);
	const certain = { ...facts, session: { ...tentative, seatsTaken: 5 } };
	expect(whole(confirmations(now)(certain))).toEqual(confirmation(certain, now));
	const later = new Date(now.getTime() + 60_000);
	expect(whole(confirmations(later)(facts))).toEqual(confirmation(facts, later));
});

test("a hostile link to join is a link to nowhere else", async () => {
	const facts = await aPlace(db, "fr", {
		...online,
		joinUrl: 'https://exemple.ca/"><script>alert(1)</script>',
	});
	expect(templates.confirmation(facts).html).not.toContain("<script");
});

test("an English reader gets the French title where the English is missing", async () => {
	const facts = await aPlace(db, "en");
	const message = templates.confirmation({ ...facts, workshop: { ...facts.workshop, titleEn: "" } });
	expect(message.subject).toBe("Seat confirmed: Les médias sociaux en entreprise, Tuesday, December\u00a01");
});

test("no email weighs more than 20 kB, even with long names and four meetings", async () => {
	const meetings = ["2026-12-01", "2026-12-03", "2026-12-10", "2027-01-14"].map((day, index) =>
		aMeeting(day, `0${index + 6}:30`, "16:45"),
	) as SessionInput["meetings"];
	const facts = await aPlace(db, "fr", { ...online, meetings });
	const long = "é".repeat(160);
	for (const message of everyTemplate({
		...facts,
		workshop: { ...facts.workshop, titleFr: long },
		registration: { ...facts.registration, name: long },
	})) {
		expect(Buffer.byteLength(message.html), message.kind).toBeLessThanOrEqual(20 * 1024);
	}
});

test.each(["fr", "en"] as const)(
	"the code of an organizer stands alone on its line, in %s",
	async (locale) => {
		const organizer = await givenOrganizer(db, { locale });
		const url = "https://ateliers.exemple.ca/organizer/sign-in/abc";
		const message = signInEmail(await findFirm(db), organizer, { id: "1", code: "012345", url });
		expect(message.subject).toBe(
			{ fr: "012345 est votre code de connexion", en: "012345 is your sign-in code" }[locale],
		);
		expect(message.text.split("\n")).toEqual(expect.arrayContaining(["012345", url]));
		expect(wordsOf(message.html)).toContain(" 012345 ");
		expect(message.html).toContain(`href="${url}"`);
		expect(message.html).toContain(`lang="${locale}-CA"`);
		expect(Buffer.byteLength(message.html)).toBeLessThanOrEqual(20 * 1024);
		expect(message).toMatchObject({
			to: { name: organizer.name, address: organizer.email },
			owner: { organizerId: organizer.id },
		});
	},
);

test("an email of a seat says until when it may be given up, and no longer promises it after that", async () => {
	const deadlines = { cancelUntil: minutesLater(60), giveUntil: minutesLater(120) };
	const facts = await aPlace(db, "fr", deadlines);
	const said = (at: Date, which = facts) => plainSpaces(confirmation(which, at).text);
	expect(said(now)).toMatch(/Annuler : Jusqu’au lundi 23 novembre, à 11 h/);
	expect(said(now)).toContain("Céder : Jusqu’au lundi 23 novembre, à 12 h");
	expect(said(now)).toContain("de céder ou d’annuler votre place");
	expect(said(minutesLater(60))).toContain("permet encore de céder votre place");
	expect(said(minutesLater(120))).toContain("Répondez à ce courriel");
	const withoutAddress = { ...facts, firm: { ...facts.firm, email: "" } };
	const last = said(minutesLater(120), withoutAddress);
	expect(last).not.toContain("Répondez");
	for (const text of [said(minutesLater(60)), last]) expect(text).not.toContain("annuler votre place");

	const waiting = { ...facts, registration: { ...facts.registration, locale: "en" as const } };
	const late = templates.reminder({ ...waiting, session: { ...facts.session, cancelUntil: now } });
	expect(plainSpaces(late.text)).not.toContain("Cancel with this link");
	expect(templates.waitlisted(waiting).text).not.toContain("until");
});
