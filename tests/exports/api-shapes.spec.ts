import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Question } from "#app/domain/question.ts";
import {
	type ApiRegistration,
	type ApiSession,
	registrationShape,
	sessionShape,
} from "#app/exports/api-shapes.ts";

const now = new Date("2026-11-20T15:00:00Z");

const details: ApiSession = {
	session: {
		id: "01a20c4e-c370-711d-9369-2be1b1057a8f",
		language: "fr",
		online: false,
		place: "Salle 2",
		address: "12, rue Neuve, Montréal",
		zone: "America/Toronto",
		capacity: 30,
		minimum: 6,
		tentative: true,
		seatsTaken: 3,
		seatsWaiting: 0,
		waitlistMode: "automatic",
		priceCents: 12_500,
		opensAt: null,
		closesAt: new Date("2026-11-30T22:00:00Z"),
		startsAt: new Date("2026-12-01T14:30:00Z"),
		endsAt: new Date("2026-12-01T21:30:00Z"),
		publishedAt: now,
		cancelledAt: null,
		updatedAt: now,
	},
	workshop: {
		id: "01a20c4e-c370-711d-9369-2be1b1057a90",
		titleFr: "Les médias sociaux",
		titleEn: "",
		slugFr: "medias-sociaux",
		slugEn: "social-media",
		publishedAt: now,
		archivedAt: null,
	},
	meetings: [{ startsAt: new Date("2026-12-01T14:30:00Z"), endsAt: new Date("2026-12-01T21:30:00Z") }],
};

const diet: Question = {
	id: "q1",
	kind: "choice",
	labelFr: "Régime?",
	labelEn: "Diet?",
	options: [{ value: "vegetarien", fr: "Végétarien", en: "Vegetarian" }],
	required: false,
	askedAt: "registration",
};

const registration: ApiRegistration = {
	id: "01a20c4e-c370-711d-9369-2be1b1057a91",
	sessionId: details.session.id,
	reference: "7KQ2M4TD",
	position: 1,
	status: "confirmed",
	shownAs: null,
	name: "Zoé Roy",
	email: "zoe@exemple.ca",
	organization: "Boulangerie Œuf & Fils",
	phone: "",
	locale: "fr",
	contactName: "Anaïs Bélanger",
	contactEmail: "anais@exemple.ca",
	invoice: {
		priceCents: 12_500,
		poNumber: "",
		billingAddress: "",
		due: { subtotal: 12_500, gst: 625, qst: 1247, total: 14_372 },
	},
	answers: new Map([["q1", "vegetarien"]]),
	createdAt: now,
	updatedAt: now,
	cancelledAt: null,
};

test("a session says when, where, at what price and how full it is, with the addresses to share", () => {
	expect(sessionShape(details, "https://ateliers.exemple.ca", now)).toEqual({
		id: "01a20c4e-c370-711d-9369-2be1b1057a8f",
		workshop: {
			id: "01a20c4e-c370-711d-9369-2be1b1057a90",
			title: { fr: "Les médias sociaux", en: null },
			url: {
				fr: "https://ateliers.exemple.ca/ateliers/medias-sociaux",
				en: "https://ateliers.exemple.ca/en/workshops/social-media",
			},
		},
		url: {
			fr: "https://ateliers.exemple.ca/ateliers/medias-sociaux?date=01a20c4e-c370-711d-9369-2be1b1057a8f",
			en: "https://ateliers.exemple.ca/en/workshops/social-media?date=01a20c4e-c370-711d-9369-2be1b1057a8f",
		},
		state: "open",
		tentative: true,
		language: "fr",
		meetings: [{ starts_at: "2026-12-01T14:30:00.000Z", ends_at: "2026-12-01T21:30:00.000Z" }],
		time_zone: "America/Toronto",
		online: false,
		place: "Salle 2",
		address: "12, rue Neuve, Montréal",
		capacity: 30,
		seats_taken: 3,
		seats_waiting: 0,
		price_cents: 12_500,
		currency: "CAD",
		opens_at: null,
		closes_at: "2026-11-30T22:00:00.000Z",
		updated_at: "2026-11-20T15:00:00.000Z",
	});
});

test("the link to join an online session is not in it, whatever else the session holds", () => {
	const session = { ...details.session, online: true, place: "", joinUrl: "https://visio.exemple/secret" };
	expect(JSON.stringify(sessionShape({ ...details, session }, "", now))).not.toContain("visio");
});

test("what is not announced is a draft without a page, and cancelled where it is", () => {
	const { session, workshop } = details;
	const cancelled = { ...session, publishedAt: null, cancelledAt: now };
	const noPage = { url: { fr: null, en: null }, workshop: { url: { fr: null, en: null } } };
	const shape = (changes: Partial<ApiSession>) => sessionShape({ ...details, ...changes }, "", now);
	expect(shape({ session: { ...session, publishedAt: null } })).toMatchObject({ state: "draft", ...noPage });
	expect(shape({ workshop: { ...workshop, publishedAt: null } })).toMatchObject({
		state: "draft",
		...noPage,
	});
	expect(shape({ session: cancelled })).toMatchObject({ state: "cancelled", ...noPage });
});

test("a registration says who, for what, at what price, and what they answered", () => {
	expect(registrationShape(registration, [diet, { ...diet, id: "q2" }])).toEqual({
		id: "01a20c4e-c370-711d-9369-2be1b1057a91",
		session_id: "01a20c4e-c370-711d-9369-2be1b1057a8f",
		reference: "7KQ2-M4TD",
		position: 1,
		status: "confirmed",
		name: "Zoé Roy",
		email: "zoe@exemple.ca",
		organization: "Boulangerie Œuf & Fils",
		phone: null,
		locale: "fr",
		contact: { name: "Anaïs Bélanger", email: "anais@exemple.ca" },
		answers: [
			{
				question_id: "q1",
				question: { fr: "Régime?", en: "Diet?" },
				value: "vegetarien",
				text: { fr: "Végétarien", en: "Vegetarian" },
			},
		],
		price_cents: 12_500,
		to_invoice: { subtotal_cents: 12_500, gst_cents: 625, qst_cents: 1247, total_cents: 14_372 },
		currency: "CAD",
		po_number: null,
		billing_address: null,
		created_at: "2026-11-20T15:00:00.000Z",
		updated_at: "2026-11-20T15:00:00.000Z",
		cancelled_at: null,
	});
});

test("nothing that would let somebody act is in it, nor what organizers note for themselves", () => {
	const whole = {
		...registration,
		tokenVersion: 987,
		calendarUid: "secret-uid",
		entryId: "secret-entry",
		note: "secret-note",
	};
	expect(JSON.stringify(registrationShape(whole, []))).not.toMatch(/secret|987/);
});

test("whoever was erased has no name, and nothing else that says who it was", () => {
	const erased = {
		...registration,
		name: "",
		email: null,
		organization: "",
		contactName: "",
		contactEmail: "",
	};
	expect(registrationShape(erased, [])).toMatchObject({
		name: null,
		email: null,
		organization: null,
		contact: { name: null, email: null },
	});
});

/** `contact.name`, `meetings[].starts_at`; what is said in both languages is one field. */
function fieldsOf(part: unknown, path = ""): string[] {
	if (Array.isArray(part)) return fieldsOf(part[0], `${path}[]`);
	const isBilingual = (names: string[]) => names.join() === "fr,en";
	if (part === null || typeof part !== "object" || isBilingual(Object.keys(part))) return [path];
	return Object.entries(part).flatMap(([name, inner]) => fieldsOf(inner, path ? `${path}.${name}` : name));
}

/** The first column of the table under a heading of docs/api.md. */
function documented(heading: string): string[] {
	const text = readFileSync("docs/api.md", "utf8");
	const [section = ""] = text.split(`\n## ${heading}\n`)[1]?.split("\n## ") ?? [];
	return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, field]) => field!);
}

test("docs/api.md lists every field, in order, and no other", () => {
	expect(documented("A session")).toEqual(fieldsOf(sessionShape(details, "", now)));
	expect(documented("A registration")).toEqual(fieldsOf(registrationShape(registration, [diet])));
});
