import { randomBytes, randomUUID } from "node:crypto";
import { sql } from "kysely";
import { serialFromBytes } from "#app/domain/attestation.ts";
import type { IncidentDescription } from "#app/domain/incident.ts";
import type { Locale } from "#app/domain/locale.ts";
import { zonedInstant } from "#app/domain/time.server.ts";
import { hashToken } from "#app/domain/token.server.ts";
import type { NewAttendee } from "#app/use-cases/add-attendees.server.ts";
import { createApiToken } from "#app/use-cases/api-tokens.server.ts";
import type { MailOrigin } from "#app/use-cases/mail-origin.ts";
import { type Person, registerTogether, type SignUp } from "#app/use-cases/register.server.ts";
import { saveIncident } from "#app/use-cases/save-incident.server.ts";
import { type QuestionInput, saveQuestion } from "#app/use-cases/save-question.server.ts";
import { createWebhook } from "#app/use-cases/save-webhook.server.ts";
import { saveWorkshop, type WorkshopInput } from "#app/use-cases/save-workshop.server.ts";
import {
	type MeetingInput,
	type SessionInput,
	scheduleSession,
} from "#app/use-cases/schedule-session.server.ts";
import type { Db } from "#db/client.server.ts";
import { newId } from "#db/id.ts";
import { writtenOut } from "#db/queries/emails.server.ts";
import { ensureFirm, findFirm } from "#db/queries/firm.server.ts";
import { bookingOf } from "#db/queries/registrations.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";
import type { Organizer } from "#db/schema.ts";
import type { PlaceFacts } from "#emails/templates/registration-email.tsx";

/** The moment that the tests live in: a week and a day before the session of `aSession`. */
export const now = new Date("2026-11-23T15:00:00Z");

export function minutesLater(minutes: number): Date {
	return new Date(now.getTime() + minutes * 60_000);
}

export const zone = "America/Toronto";

export const origin: MailOrigin = {
	publicUrl: "https://ateliers.exemple.ca",
	mailAddress: "inscriptions@exemple.ca",
	domain: "ateliers.exemple.ca",
};

/** One meeting on the wall clock of `zone`. */
export function aMeeting(localDate: string, localStart = "09:30", localEnd = "16:30"): MeetingInput {
	const startsAt = zonedInstant(localDate, localStart, zone);
	const endsAt = zonedInstant(localDate, localEnd, zone);
	if (!startsAt.ok || !endsAt.ok) throw new RangeError(`${localDate} has no such hour.`);
	return { localDate, localStart, localEnd, startsAt: startsAt.instant, endsAt: endsAt.instant };
}

/** The input of a published date in Montréal, open, for ten people. */
export function aSession(changes: Partial<SessionInput> = {}): SessionInput {
	return {
		language: "fr",
		online: false,
		place: "Montréal, Centre-ville",
		address: "1200, rue Sainte-Catherine Est",
		joinUrl: "",
		zone,
		capacity: 10,
		priceCents: 19_500,
		minimum: 0,
		waitlistMode: "automatic",
		opensAt: null,
		closesAt: null,
		cancelUntil: null,
		giveUntil: null,
		published: true,
		meetings: [aMeeting("2026-12-01")],
		...changes,
	};
}

/** The input of a published workshop, at an address that no other has. */
export function aWorkshop(changes: Partial<WorkshopInput> = {}): WorkshopInput {
	const unique = randomUUID().slice(0, 8);
	return {
		slugFr: `medias-sociaux-${unique}`,
		slugEn: `social-media-${unique}`,
		titleFr: "Les médias sociaux en entreprise",
		titleEn: "Social media at work",
		summaryFr: "",
		summaryEn: "",
		descriptionFr: "",
		descriptionEn: "",
		outcomesFr: "",
		outcomesEn: "",
		audienceFr: "",
		audienceEn: "",
		bringFr: "",
		bringEn: "",
		accessibilityFr: "",
		accessibilityEn: "",
		trainer: "Mireille Castonguay",
		published: true,
		...changes,
	};
}

/** Somebody whom no other test knows. */
export function aPerson(changes: Partial<Person> = {}): Person {
	return {
		name: "Zoé Roy",
		email: `${randomUUID()}@exemple.ca`,
		organization: "Coop Nord",
		locale: "fr",
		...changes,
	};
}

export type Solo = Partial<Omit<Person, "email"> & Omit<SignUp, "contact">> & { email?: string };

/** A sign-up by somebody whom no other test knows, for themselves unless `people` says otherwise. */
export function aSignUp(sessionId: string, changes: Solo = {}): SignUp {
	const { name, email, organization, locale, ...others } = changes;
	const given = { name, email, organization, locale };
	const person = aPerson(
		Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
	);
	return {
		key: randomUUID(),
		sessionId,
		whenFull: "refuse",
		contact: { name: person.name, email: person.email!, locale: person.locale },
		contactAttends: true,
		organization: person.organization,
		poNumber: "",
		billingAddress: "",
		people: [person],
		newsWording: null,
		answers: [],
		...others,
	};
}

/** A sign-up for several: the first is the contact. */
export function aGroup(sessionId: string, size: number, changes: Partial<SignUp> = {}): SignUp {
	const [first, ...others] = Array.from({ length: size }, () => aPerson());
	const solo = aSignUp(sessionId, { ...changes, name: first!.name, email: first!.email! });
	return { ...solo, people: [first!, ...others], ...changes };
}

export async function givenWorkshop(db: Db, changes: Partial<WorkshopInput> = {}): Promise<string> {
	await ensureFirm(db, "Formation Exemple inc.", now);
	const saved = await saveWorkshop(db, aWorkshop(changes), null, null, now);
	if (!saved.ok) throw new Error(saved.reason);
	return saved.id;
}

/** What the register says of an incident that puts nobody at risk. */
export function anIncident(changes: Partial<IncidentDescription> = {}): IncidentDescription {
	return {
		circumstances: "La liste du 1er décembre est partie à une autre cliente, qui l’a détruite.",
		occurred: "Le 19 novembre 2026",
		learnedOn: "2026-11-20",
		information: "Nom et courriel",
		people: "18",
		measures: "La destinataire a confirmé par écrit qu’elle a tout effacé.",
		risk: "none",
		riskReasons: "Des coordonnées d’affaires, chez quelqu’un que nous connaissons.",
		commissionToldOn: null,
		peopleTold: "",
		publicNotice: "",
		...changes,
	};
}

/** An incident that an organizer wrote in the register. Returns its id. */
export async function givenIncident(
	db: Db,
	organizerId: string,
	changes: Partial<IncidentDescription> = {},
): Promise<string> {
	const id = newId();
	const saved = await saveIncident(db, anIncident(changes), { id, seen: 0 }, organizerId, now);
	if (!saved.ok) throw new Error(saved.reason);
	return id;
}

/** The input of an optional question of one line, asked at sign-up. */
export function aQuestion(changes: Partial<QuestionInput> = {}): QuestionInput {
	return {
		kind: "short",
		labelFr: "Quel est votre métier?",
		labelEn: "What do you do?",
		required: false,
		askedAt: "registration",
		options: { existing: new Map(), addedFr: "Oui\nNon\nPeut-être", addedEn: "Yes\nNo\nMaybe" },
		...changes,
	};
}

/** A question of a workshop. Returns its id. */
export async function givenQuestion(db: Db, workshopId: string, changes: Partial<QuestionInput> = {}) {
	const saved = await saveQuestion(db, workshopId, aQuestion(changes), null, null, now);
	if (!saved.ok) throw new Error(saved.reason);
	return saved.id;
}

/** A date of a workshop of its own, made at `now`. Returns its id. */
export async function givenSession(db: Db, changes: Partial<SessionInput> = {}): Promise<string> {
	return scheduleSession(db, await givenWorkshop(db), aSession(changes), null, now);
}

/** People who sign up one after the other, and wait when the session is full. Returns them in that order. */
export async function givenRegistrations(db: Db, sessionId: string, people: Solo[]) {
	const signUps = people.map((changes) => aSignUp(sessionId, { whenFull: "wait", ...changes }));
	const atOnce = 500;
	for (let from = 0; from < signUps.length; from += atOnce) {
		const results = await registerTogether(db, origin, signUps.slice(from, from + atOnce), now);
		for (const result of results) if (!result.ok) throw new Error(result.reason);
	}
	return db
		.selectFrom("registration")
		.innerJoin("booking", "booking.id", "registration.bookingId")
		.selectAll("registration")
		.select(["booking.reference", "booking.contactName", "booking.contactEmail"])
		.where(
			"booking.key",
			"in",
			signUps.map(({ key }) => key),
		)
		.orderBy("booking.id")
		.execute();
}

/** Somebody with a place, or in line when the session is full. */
export async function givenRegistration(db: Db, sessionId: string, changes: Solo = {}) {
	const [registration] = await givenRegistrations(db, sessionId, [changes]);
	return registration!;
}

/** A proof that somebody came, in force. Returns its serial number. */
export async function givenAttestation(db: Db, registrationId: string): Promise<string> {
	const { sessionId } = await db
		.selectFrom("registration")
		.select("sessionId")
		.where("id", "=", registrationId)
		.executeTakeFirstOrThrow();
	const serial = serialFromBytes(randomBytes(10));
	const meeting = { startsAt: "2026-12-01T14:30:00.000Z", endsAt: "2026-12-01T21:30:00.000Z", minutes: 360 };
	await db
		.insertInto("attestation")
		.values({
			id: newId(),
			serial,
			registrationId,
			sessionId,
			locale: "fr",
			name: "Zoé Roy",
			organization: "Coop Nord",
			title: "Les médias sociaux en entreprise",
			object: "Ce qui fuit, et comment",
			trainer: "Mireille Castonguay",
			place: "Montréal",
			zone,
			meetings: JSON.stringify([meeting]),
			firmName: "Formation Exemple inc.",
			accreditationNumber: "0012345",
			issuedAt: now,
			issuedBy: null,
			endedAt: null,
		})
		.execute();
	return serial;
}

export async function givenOrganizer(db: Db, changes: Partial<Organizer> = {}): Promise<Organizer> {
	await ensureFirm(db, "Formation Exemple inc.", now);
	return db
		.insertInto("organizer")
		.values({
			id: newId(),
			email: `${randomUUID()}@exemple.ca`,
			name: "Mireille Castonguay",
			locale: "fr",
			role: "organizer",
			createdAt: now,
			revokedAt: null,
			...changes,
		})
		.returningAll()
		.executeTakeFirstOrThrow();
}

/** Signs an organizer in, as a browser that has just opened would be. Returns the cookie to send. */
export async function givenOrganizerCookie(db: Db, organizerId: string): Promise<string> {
	const token = randomUUID();
	const at = new Date();
	await db
		.insertInto("organizerCookie")
		.values({
			tokenHash: hashToken(token),
			organizerId,
			userAgent: "",
			createdAt: at,
			seenAt: at,
			expiresAt: new Date(at.getTime() + 3600_000),
		})
		.execute();
	return `organizer=${token}`;
}

/** A passkey that an organizer has added. Returns its id. */
export async function givenPasskey(db: Db, organizerId: string): Promise<string> {
	const id = randomUUID();
	const passkey = { id, organizerId, publicKey: Buffer.from(id), counter: 0, name: "Safari · iPhone" };
	await db
		.insertInto("passkey")
		.values({ ...passkey, createdAt: new Date(), usedAt: null })
		.execute();
	return id;
}

/** A token that other software reads by, as an owner makes it. Returns what is shown once. */
export async function givenApiToken(db: Db, organizerId: string, name = "Site web"): Promise<string> {
	return (await createApiToken(db, { id: newId(), name }, organizerId, new Date()))!;
}

/** Somebody whom an organizer adds, and no other test knows. */
export function aNewAttendee(changes: Partial<NewAttendee> = {}): NewAttendee {
	const email = `${randomUUID()}@exemple.ca`;
	return { name: "Zoé Roy", email, organization: "", phone: "", note: "", locale: "fr", ...changes };
}

/** What an email about somebody's place is made from, as the use cases read it. */
export async function aPlace(
	db: Db,
	locale: Locale,
	changes: Partial<SessionInput> = {},
): Promise<PlaceFacts> {
	const sessionId = await givenSession(db, changes);
	const email = "zoe@exemple.ca";
	const registration = await givenRegistration(db, sessionId, { locale, email });
	const details = (await findSessionDetails(db, sessionId))!;
	const firm = {
		...(await findFirm(db)),
		postalAddress: "1200, rue Sainte-Catherine Est, Montréal",
		email: "formation@exemple.ca",
	};
	const booking = { ...bookingOf(registration), reference: "7KQ2M4TD" };
	return { ...origin, ...details, firm, booking, registration };
}

/** Opens every connection of the pool, so that what is started together runs together. */
export async function warmUp(db: Db): Promise<void> {
	await Promise.all(Array.from({ length: 10 }, () => sql`select pg_sleep(0.05)`.execute(db)));
}

/** What a session says of itself, beside what a recount finds. */
export async function seatsOf(db: Db, sessionId: string) {
	const session = await db
		.selectFrom("session")
		.select(["seatsTaken as taken", "seatsWaiting as waiting"])
		.where("id", "=", sessionId)
		.executeTakeFirstOrThrow();
	const people = await db
		.selectFrom("registration")
		.select("status")
		.where("sessionId", "=", sessionId)
		.execute();
	const count = (...statuses: string[]) => people.filter(({ status }) => statuses.includes(status)).length;
	const recount = { taken: count("confirmed", "offered"), waiting: count("waitlisted") };
	return { ...session, recount };
}

/** The emails about one session's people, oldest first. */
export async function emailsAbout(db: Db, sessionId: string) {
	return writtenOut(db)
		.innerJoin("registration", "registration.id", "email.registrationId")
		.where("registration.sessionId", "=", sessionId)
		.orderBy("email.id")
		.execute();
}

/** Everything that a sign-up could have written about a session. */
export async function writtenAbout(db: Db, sessionId: string) {
	const count = sql<number>`count(*)::int`.as("count");
	const [bookings, registrations, entries, emails, audit] = await Promise.all([
		db.selectFrom("booking").select(count).where("sessionId", "=", sessionId).executeTakeFirstOrThrow(),
		db.selectFrom("registration").select(count).where("sessionId", "=", sessionId).executeTakeFirstOrThrow(),
		db.selectFrom("waitlistEntry").select(count).where("sessionId", "=", sessionId).executeTakeFirstOrThrow(),
		emailsAbout(db, sessionId),
		db
			.selectFrom("audit")
			.select(count)
			.where("sessionId", "=", sessionId)
			.where("bookingId", "is not", null)
			.executeTakeFirstOrThrow(),
	]);
	return {
		bookings: bookings.count,
		registrations: registrations.count,
		entries: entries.count,
		emails: emails.length,
		audit: audit.count,
	};
}

export const nothingWritten = { bookings: 0, registrations: 0, entries: 0, emails: 0, audit: 0 };

/** A webhook of an owner's. Returns its id. */
export async function givenWebhook(
	db: Db,
	organizerId: string,
	changes: { name?: string; url?: string } = {},
): Promise<string> {
	const id = newId();
	const webhook = { id, name: "CRM", url: "https://crm.exemple.ca/webhook/1", ...changes };
	await createWebhook(db, webhook, organizerId, now);
	return id;
}
