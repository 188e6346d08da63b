import ICAL from "ical.js";
import { afterAll, expect, test } from "vitest";
import { answerOffer } from "#app/use-cases/answer-offer.server.ts";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { correctPlace } from "#app/use-cases/correct-place.server.ts";
import { editRegistration, versionOf } from "#app/use-cases/edit-registration.server.ts";
import { eraseRegistration } from "#app/use-cases/erase-registration.server.ts";
import { giveSeat } from "#app/use-cases/give-seat.server.ts";
import { queueDueReminders } from "#app/use-cases/queue-reminders.server.ts";
import { recordAttendance } from "#app/use-cases/record-attendance.server.ts";
import { registerTogether } from "#app/use-cases/register.server.ts";
import { returnToWaitlist } from "#app/use-cases/return-to-waitlist.server.ts";
import { saveAnswers } from "#app/use-cases/save-answers.server.ts";
import type { MeetingInput } from "#app/use-cases/schedule-session.server.ts";
import { switchSession } from "#app/use-cases/switch-session.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { keepAnswers } from "#db/queries/questions.server.ts";
import { bookingOf, findRegistration, leadsOthers } from "#db/queries/registrations.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";
import { deliverDue, queueEmails } from "#emails/outbox.server.ts";
import { thanks } from "#emails/templates/thanks.tsx";
import type { OutgoingEmail } from "#emails/transport.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	aGroup,
	aMeeting,
	aSignUp,
	emailsAbout,
	givenOrganizer,
	givenQuestion,
	givenRegistration,
	givenRegistrations,
	givenSession,
	minutesLater,
	now,
	origin,
	seatsOf,
} from "#tests/fixtures.ts";
import { everything } from "./canaries.ts";

/* What somebody asks to have erased, while their date is still to come and once it is over. */
const { db, drop } = await createTestDatabase();
afterAll(drop);

const attendee = { attendee: true } as const;
const dayAfter = new Date("2026-12-02T15:00:00Z");

const from = { name: "", address: "a@exemple.ca" };
const settings = { publicUrl: origin.publicUrl, secret: "a-secret-of-this-test", from };

/** Somebody whose name, organization, address and answer no other row of the database has. */
async function givenCanary(sessionId: string, name: string) {
	const person = await givenRegistration(db, sessionId, {
		name: `Zoé ${name}`,
		email: `${name}@exemple.ca`,
		organization: name,
	});
	const { workshop } = (await findSessionDetails(db, sessionId))!;
	const questionId = await givenQuestion(db, workshop.id);
	const answers = [{ registrationId: person.id, questionId, value: name }];
	await db.transaction().execute((trx) => keepAnswers(trx, workshop.id, answers, now));
	return person;
}

/** People of these names who were signed up together. */
async function givenGroup(sessionId: string, names: string[], contactAttends: boolean, email?: string) {
	const group = aGroup(sessionId, names.length, { contactAttends });
	for (const [n, name] of names.entries()) Object.assign(group.people[n]!, { name, ...(email && { email }) });
	const [made] = await registerTogether(db, origin, [group], now);
	const { bookingId } = made as { bookingId: string };
	const people = await db
		.selectFrom("registration")
		.select("id")
		.where("bookingId", "=", bookingId)
		.orderBy("position")
		.execute();
	return { bookingId, people };
}

/** The tables in which a word is. */
async function tablesWith(word: string): Promise<string[]> {
	const all = await everything(db);
	return [...all].flatMap(([table, rows]) => (rows.some((row) => row.includes(word)) ? table : [])).sort();
}

async function deliver(at = minutesLater(5)): Promise<OutgoingEmail[]> {
	const sent: OutgoingEmail[] = [];
	const transport = {
		kind: "smtp" as const,
		close() {},
		deliver: async (email: OutgoingEmail) => {
			sent.push(email);
			return { outcome: "sent" as const, response: `250 ${email.to.address}` };
		},
	};
	while (await deliverDue(db, transport, settings, at));
	return sent;
}

test("a seat to come is given up with all that says whose it was, and the next in line has it", async () => {
	const sessionId = await givenSession(db, { capacity: 1, waitlistMode: "automatic" });
	const person = await givenCanary(sessionId, "canari-place");
	const [waits] = await givenRegistrations(db, sessionId, [{}]);
	await deliver();
	expect(await tablesWith("canari-place")).toEqual(["answer", "booking", "email", "registration"]);

	expect(await eraseRegistration(db, origin, person.id, attendee, minutesLater(5))).toEqual({ ok: true });
	expect(await findRegistration(db, person.id)).toMatchObject({ status: "cancelled", name: "", email: null });
	expect(await findRegistration(db, waits!.id)).toMatchObject({ status: "confirmed" });
	expect((await seatsOf(db, sessionId)).recount).toEqual({ taken: 1, waiting: 0 });

	// The last email says so, takes the entry out of the calendar, and then nothing is left of it.
	const last = (await deliver()).find(({ to }) => to.address === "canari-place@exemple.ca")!;
	expect(last.subject).toContain("Renseignements effacés");
	expect(last.text).toContain("Votre place a été libérée");
	expect(last.text).not.toMatch(/\{\{|mes-courriels/);
	const entry = new ICAL.Component(ICAL.parse(last.calendar!.content));
	expect(entry.getFirstPropertyValue("method")).toBe("CANCEL");
	expect(await tablesWith("canari-place")).toEqual([]);
	const again = await eraseRegistration(db, origin, person.id, attendee, minutesLater(6));
	expect(again).toEqual({ ok: false, reason: "unknown" });
	expect(await deliver()).toEqual([]);
});

test("who came still counts once they are erased", async () => {
	const sessionId = await givenSession(db);
	const person = await givenCanary(sessionId, "canari-venu");
	const { id: organizerId } = await givenOrganizer(db);
	const { meetings } = (await findSessionDetails(db, sessionId))!;
	const present = { sessionId, meetingIds: [meetings[0]!.id], people: [person.id] };
	await recordAttendance(db, present, "present", organizerId, now);
	const seats = await seatsOf(db, sessionId);
	const mail = (await emailsAbout(db, sessionId)).length;

	expect(await eraseRegistration(db, origin, person.id, attendee, dayAfter)).toEqual({ ok: true });
	const [last] = (await deliver(dayAfter)).filter(({ to }) => to.address === person.email);
	expect(last).toMatchObject({ subject: expect.stringContaining("Renseignements effacés"), calendar: null });
	expect(last!.text).not.toContain("Votre place a été libérée");
	expect(await tablesWith("canari-venu")).toEqual([]);
	expect(await findRegistration(db, person.id)).toMatchObject({ status: "confirmed", name: "" });
	expect(await seatsOf(db, sessionId)).toEqual(seats);
	expect(await emailsAbout(db, sessionId)).toHaveLength(mail + 1);
	const attendance = db.selectFrom("attendance").select("status").where("registrationId", "=", person.id);
	expect(await attendance.execute()).toEqual([{ status: "present" }]);
});

test("too late to cancel, it is too late to erase, but not for an organizer, who is written down", async () => {
	const sessionId = await givenSession(db, { cancelUntil: minutesLater(10) });
	const person = await givenCanary(sessionId, "canari-tard");
	const late = minutesLater(20);
	const before = await everything(db);
	const refused = { ok: false, reason: "too-late" };
	expect(await eraseRegistration(db, origin, person.id, attendee, late)).toEqual(refused);
	expect(await everything(db)).toEqual(before);

	const { id: organizerId } = await givenOrganizer(db);
	expect(await eraseRegistration(db, origin, person.id, { organizerId }, late)).toEqual({ ok: true });
	const written = await db
		.selectFrom("audit")
		.select(["actor", "action", "organizerId"])
		.where("registrationId", "=", person.id)
		.where("actor", "=", "organizer")
		.orderBy("id")
		.execute();
	const by = { actor: "organizer", organizerId };
	expect(written).toEqual([
		{ ...by, action: "registration.cancelled" },
		{ ...by, action: "registration.erased" },
	]);
	expect(await seatsOf(db, sessionId)).toMatchObject({ taken: 0 });
});

test("one of a group takes nobody along, and its contact goes with the last", async () => {
	const sessionId = await givenSession(db);
	const [group] = await registerTogether(db, origin, [aGroup(sessionId, 2)], now);
	const { bookingId } = group as { bookingId: string };
	const people = await db
		.selectFrom("registration")
		.selectAll()
		.where("bookingId", "=", bookingId)
		.orderBy("position")
		.execute();
	const ofBooking = () =>
		db
			.selectFrom("booking")
			.select(["contactName", "contactEmail", "payloadHash"])
			.where("id", "=", bookingId)
			.executeTakeFirstOrThrow();
	const { contactName, contactEmail } = await ofBooking();
	await eraseRegistration(db, origin, people[0]!.id, attendee, now);
	expect(await ofBooking()).toEqual({ contactName, contactEmail, payloadHash: "" });
	const other = await findRegistration(db, people[1]!.id);
	expect(other).toMatchObject({ ...people[1], contactName });
	await eraseRegistration(db, origin, people[1]!.id, attendee, now);
	expect(await ofBooking()).toEqual({ contactName: "", contactEmail: "", payloadHash: "" });
	expect(await seatsOf(db, sessionId)).toMatchObject({ taken: 0 });
});

test("a last email that no server takes is erased once nobody tries any more", async () => {
	const sessionId = await givenSession(db);
	const person = await givenCanary(sessionId, "canari-mort");
	await deliver();
	await eraseRegistration(db, origin, person.id, attendee, now);
	const refused = async () => ({
		outcome: "refused" as const,
		response: "550 5.1.1 <canari-mort@exemple.ca>",
		error: "canari-mort",
	});
	const transport = { kind: "smtp" as const, close() {}, deliver: refused };
	await deliverDue(db, transport, settings, minutesLater(1));
	expect(await tablesWith("canari-mort")).toEqual([]);
	expect((await emailsAbout(db, sessionId)).at(-1)).toMatchObject({ kind: "erased", status: "dead" });
});

test("what a job had read before, and writes after, is not sent, and does not stay", async () => {
	const sessionId = await givenSession(db);
	const person = await givenCanary(sessionId, "canari-course");
	await deliver();
	const details = (await findSessionDetails(db, sessionId))!;
	const facts = {
		...origin,
		...details,
		firm: await findFirm(db),
		booking: bookingOf(person),
		registration: person,
	};
	await eraseRegistration(db, origin, person.id, attendee, now);
	await db.transaction().execute((trx) => queueEmails(trx, [thanks(facts, now)], origin.domain, now));
	const sent = await deliver();
	expect(sent.filter(({ to }) => to.address === person.email)).toHaveLength(1);
	expect(await tablesWith("canari-course")).toEqual([]);
});

test("where their address was named again for the date, they are erased too, and nobody else", async () => {
	const sessionId = await givenSession(db);
	const person = await givenCanary(sessionId, "canari-deux");
	const colleague = {
		name: "Zoé canari-deux",
		email: "Canari-Deux@exemple.ca",
		organization: "",
		locale: "fr" as const,
	};
	const group = aGroup(sessionId, 2);
	const [first] = group.people;
	await registerTogether(db, origin, [{ ...group, people: [first, colleague] }], now);
	await registerTogether(
		db,
		origin,
		[aSignUp(sessionId, { name: "canari-deux", email: "canari-deux@exemple.ca" })],
		now,
	);
	await deliver();
	await eraseRegistration(db, origin, person.id, attendee, now);
	await deliver();
	for (const word of ["anari-deux", "anari-Deux"]) expect(await tablesWith(word)).toEqual([]);
	const left = await db
		.selectFrom("registration")
		.select("name")
		.where("sessionId", "=", sessionId)
		.execute();
	expect(left.map(({ name }) => name).sort()).toEqual(["", "", "", first.name]);
	expect((await seatsOf(db, sessionId)).recount).toEqual({ taken: 1, waiting: 0 });
});

test("once the date has begun, an organizer who erases somebody leaves their presence counted", async () => {
	const sessionId = await givenSession(db);
	const person = await givenCanary(sessionId, "canari-milieu");
	const { id: organizerId } = await givenOrganizer(db);
	const during = new Date("2026-12-01T16:00:00Z");
	await eraseRegistration(db, origin, person.id, { organizerId }, during);
	expect(await findRegistration(db, person.id)).toMatchObject({ status: "confirmed", name: "" });
	expect(await seatsOf(db, sessionId)).toMatchObject({ taken: 1 });
});

test("nothing brings an erased person back", async () => {
	const sessionId = await givenSession(db, { capacity: 1, waitlistMode: "offer" });
	const elsewhere = await givenSession(db);
	const [seated, waits] = await givenRegistrations(db, sessionId, [{}, {}]);
	await cancelRegistration(db, origin, seated!.id, attendee, now);
	await answerOffer(db, origin, waits!.id, "decline", now);
	const seen = versionOf((await findRegistration(db, waits!.id))!);
	await eraseRegistration(db, origin, waits!.id, attendee, now);
	const before = await everything(db);
	const { id: organizerId } = await givenOrganizer(db);
	const by = { organizerId };
	const unknown = { ok: false, reason: "unknown" };
	const edit = { name: "Revenante", sortName: "", organization: "", phone: "", note: "" };
	for (const result of [
		await returnToWaitlist(db, origin, waits!.id, now),
		await switchSession(db, origin, waits!.id, elsewhere, by, now),
		await cancelRegistration(db, origin, waits!.id, by, now),
		await answerOffer(db, origin, waits!.id, "accept", now),
		await correctPlace(db, origin, waits!.id, { email: "x@exemple.ca", locale: "fr" }, attendee, now),
		await editRegistration(db, waits!.id, edit, seen, organizerId, now),
		await saveAnswers(db, waits!.id, [], now),
	])
		expect(result).toEqual(unknown);
	before.delete("organizer");
	const after = await everything(db);
	after.delete("organizer");
	expect(after).toEqual(before);
});

test("a contact who was not told yet who is in the group is told of those who are left, and of no others", async () => {
	const sessionId = await givenSession(db);
	const { bookingId, people } = await givenGroup(sessionId, ["Zoé Reste", "Luc Parti"], false);
	await eraseRegistration(db, origin, people[1]!.id, attendee, now);
	await deliver();
	const summaries = await db
		.selectFrom("email")
		.select(["text", "status"])
		.where("bookingId", "=", bookingId)
		.orderBy("id")
		.execute();
	expect(summaries).toEqual([
		{ text: "", status: "cancelled" },
		{ text: expect.stringContaining("Zoé Reste"), status: "sent" },
	]);
	expect(summaries[1]!.text).not.toContain("Luc Parti");
});

test("who names an address in a group erases nothing of it in the bookings of others", async () => {
	const sessionId = await givenSession(db);
	const alice = await givenRegistration(db, sessionId, { email: "alice@exemple.ca" });
	const bob = await givenGroup(sessionId, ["Alice Roy"], false, "alice@exemple.ca");
	const mallory = await givenGroup(sessionId, ["Alice Roy"], false, "alice@exemple.ca");
	await eraseRegistration(db, origin, mallory.people[0]!.id, { ...attendee, alone: true }, now);
	expect(await findRegistration(db, bob.people[0]!.id)).toMatchObject({ name: "Alice Roy" });
	expect(await findRegistration(db, alice.id)).toMatchObject({ name: alice.name, status: "confirmed" });
	// She herself does: and whoever named her was not told yet, and has nobody left to be told of.
	await eraseRegistration(db, origin, alice.id, attendee, now);
	expect(await findRegistration(db, bob.people[0]!.id)).toMatchObject({ name: "", contactEmail: "" });
});

test("whoever gave their only seat away is nobody's contact, and goes alone", async () => {
	const sessionId = await givenSession(db);
	const person = await givenCanary(sessionId, "canari-donne");
	const to = { name: "Luc Receveur", email: "luc.receveur@exemple.ca", locale: "fr" as const };
	await giveSeat(db, origin, person.id, to, minutesLater(1));
	expect(await leadsOthers(db, (await findRegistration(db, person.id))!)).toBe(false);
	await deliver();
	await eraseRegistration(db, origin, person.id, attendee, now);
	await deliver();
	// Whoever received it comes for the same organization, and was told from whom.
	expect(await tablesWith("canari-donne")).toEqual(["email", "registration"]);
	expect(await tablesWith("Zoé canari-donne")).toEqual(["email"]);
	const received = db.selectFrom("email").select("toAddress").where("text", "like", "%canari-donne%");
	expect(await received.execute()).toEqual([{ toAddress: to.email }]);
	expect(await seatsOf(db, sessionId)).toMatchObject({ taken: 1 });
});

test("nobody is reminded who was erased between two meetings", async () => {
	const meetings: [MeetingInput, MeetingInput] = [aMeeting("2026-12-01"), aMeeting("2026-12-08")];
	const sessionId = await givenSession(db, { meetings, reminderDays: 2 });
	const { id } = await givenCanary(sessionId, "canari-rappel");
	const { id: organizerId } = await givenOrganizer(db);
	await deliver();
	await eraseRegistration(db, origin, id, { organizerId }, dayAfter);
	expect(await queueDueReminders(db, origin, new Date("2026-12-07T15:00:00Z"))).toBe(0);
});
