import ICAL from "ical.js";
import { afterAll, expect, test } from "vitest";
import { erasePast } from "#app/use-cases/erase-past.server.ts";
import { eraseRegistration } from "#app/use-cases/erase-registration.server.ts";
import { recordAttendance } from "#app/use-cases/record-attendance.server.ts";
import { registerTogether } from "#app/use-cases/register.server.ts";
import { keepAnswers } from "#db/queries/questions.server.ts";
import { findRegistration } from "#db/queries/registrations.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";
import { deliverDue } from "#emails/outbox.server.ts";
import type { OutgoingEmail } from "#emails/transport.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	aGroup,
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

/** The tables in which a word is. */
async function tablesWith(word: string): Promise<string[]> {
	const all = await everything(db);
	return [...all].flatMap(([table, rows]) => (rows.some((row) => row.includes(word)) ? table : [])).sort();
}

async function deliver(): Promise<OutgoingEmail[]> {
	const sent: OutgoingEmail[] = [];
	const transport = {
		kind: "smtp" as const,
		close() {},
		deliver: async (email: OutgoingEmail) => {
			sent.push(email);
			return { outcome: "sent" as const, response: `250 ${email.to.address}` };
		},
	};
	const from = { name: "", address: "a@exemple.ca" };
	const settings = { publicUrl: origin.publicUrl, secret: "a-secret-of-this-test", from };
	while (await deliverDue(db, transport, settings, minutesLater(5)));
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
	expect(last.subject).toContain("Inscription annulée");
	expect(last.text).toContain("vos renseignements sont effacés");
	expect(last.text).not.toContain("{{");
	const entry = new ICAL.Component(ICAL.parse(last.calendar!.content));
	expect(entry.getFirstPropertyValue("method")).toBe("CANCEL");
	await erasePast(db, minutesLater(60));
	expect(await tablesWith("canari-place")).toEqual([]);
	expect(await eraseRegistration(db, origin, person.id, attendee, minutesLater(6))).toEqual({ ok: true });
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
	expect(await tablesWith("canari-venu")).toEqual([]);
	expect(await findRegistration(db, person.id)).toMatchObject({ status: "confirmed", name: "" });
	expect(await seatsOf(db, sessionId)).toEqual(seats);
	expect(await emailsAbout(db, sessionId)).toHaveLength(mail);
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

test("a last email that was never sent is erased too, a day later", async () => {
	const sessionId = await givenSession(db);
	const person = await givenCanary(sessionId, "canari-mort");
	await eraseRegistration(db, origin, person.id, attendee, now);
	const lastOne = db
		.updateTable("email")
		.where("registrationId", "=", person.id)
		.where("toAddress", "<>", "");
	await lastOne.set({ status: "dead", lastError: "canari-mort@exemple.ca" }).execute();
	await erasePast(db, minutesLater(24 * 60 + 5));
	expect(await tablesWith("canari-mort")).toEqual([]);
});
