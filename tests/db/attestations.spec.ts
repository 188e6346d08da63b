import { afterAll, expect, test } from "vitest";
import { minutesOf } from "#app/domain/attestation.ts";
import { monthsBefore } from "#app/domain/time.server.ts";
import { doDueDeeds, planDeed } from "#app/use-cases/chosen-deeds.server.ts";
import { erasePast } from "#app/use-cases/erase-past.server.ts";
import { eraseRegistration } from "#app/use-cases/erase-registration.server.ts";
import { issueAttestation } from "#app/use-cases/issue-attestation.server.ts";
import { recordAttendance } from "#app/use-cases/record-attendance.server.ts";
import { registerTogether } from "#app/use-cases/register.server.ts";
import { resendEmail } from "#app/use-cases/resend-email.server.ts";
import { newId } from "#db/id.ts";
import {
	findAttestation,
	findUndelivered,
	listAttestations,
	listParticipants,
} from "#db/queries/attestations.server.ts";
import { listHistory } from "#db/queries/audit.server.ts";
import { findRegistration } from "#db/queries/registrations.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";
import { deliverDue } from "#emails/outbox.server.ts";
import type { OutgoingEmail } from "#emails/transport.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	aGroup,
	aMeeting,
	emailsAbout,
	givenOrganizer,
	givenRegistration,
	givenRegistrations,
	givenSession,
	now,
	origin,
} from "#tests/fixtures.ts";
import { textOfPdf } from "#tests/pdf.ts";

const { db, drop } = await createTestDatabase();
afterAll(drop);
const { id: organizerId } = await givenOrganizer(db);
const dayAfter = new Date("2026-12-02T15:00:00Z");
const later = new Date("2026-12-05T15:00:00Z");
const settings = {
	publicUrl: origin.publicUrl,
	secret: "a-secret-of-this-test",
	from: { name: "", address: "a@exemple.ca" },
};

/** Somebody who was at a day of 9:30 to 16:30 with an hour's break, as `status` says. */
async function givenParticipant(
	status: "present" | "partial" | "absent" | null = "present",
	minutes: number | null = null,
) {
	const sessionId = await givenSession(db, { breakMinutes: 60 });
	const person = await givenRegistration(db, sessionId, { name: "Zoé Roy" });
	if (status) await note(sessionId, person.id, status, minutes);
	return { sessionId, id: person.id };
}

async function note(
	sessionId: string,
	id: string,
	status: "present" | "partial" | "absent",
	minutes: number | null = null,
) {
	const { meetings } = (await findSessionDetails(db, sessionId))!;
	const meetingIds = meetings.map((meeting) => meeting.id);
	await recordAttendance(db, { sessionId, meetingIds, people: [id], minutes }, status, organizerId, dayAfter);
}

const issue = async (registrationId: string, at = dayAfter, sessionId?: string) => {
	const asked = {
		registrationId,
		sessionId: sessionId ?? (await findRegistration(db, registrationId))!.sessionId,
	};
	return issueAttestation(db, origin, asked, organizerId, at);
};
const inForce = async (id: string) => {
	const held = (await listAttestations(db, id)).filter(({ endedAt }) => !endedAt);
	expect(held.length).toBeLessThan(2);
	return held[0];
};
/** All that is to leave has left. */
const mailLeaves = () => db.updateTable("email").set({ status: "sent", sentAt: dayAfter }).execute();
const mailOf = async (sessionId: string) =>
	(await emailsAbout(db, sessionId)).filter(({ kind }) => kind === "attestation");

test("whoever was there receives a proof of it, with the file", async () => {
	const { sessionId, id } = await givenParticipant();
	expect(await issue(id)).toBe(true);
	const attestation = (await inForce(id))!;
	expect(attestation).toMatchObject({ name: "Zoé Roy", organization: "Coop Nord", issuedBy: organizerId });
	expect(minutesOf(attestation)).toBe(360);
	expect((await findAttestation(db, attestation.serial))?.id).toBe(attestation.id);
	const [email] = await mailOf(sessionId);
	expect(email).toMatchObject({ status: "queued", attachments: [attestation.id] });
	expect((await listHistory(db, id)).map(({ action }) => action)).toContain("attestation.issued");

	const left: OutgoingEmail[] = [];
	const transport = {
		kind: "smtp" as const,
		async deliver(outgoing: OutgoingEmail) {
			left.push(outgoing);
			return { outcome: "sent" as const, response: "250" };
		},
		close() {},
	};
	while ((await deliverDue(db, transport, settings, dayAfter)) > 0);
	const sent = left.find(({ subject }) => subject.startsWith("Votre attestation"))!;
	const [file, ...others] = sent.attachments;
	expect(others).toEqual([]);
	expect(file).toMatchObject({ filename: "Attestation Zoé Roy.pdf", contentType: "application/pdf" });
	const [read] = textOfPdf(file!.content);
	expect(read).toContain("Zoé Roy");
	expect(read).toContain("6\u00a0h");
	// Nothing else brings a file.
	for (const other of left) if (other !== sent) expect(other.attachments).toEqual([]);
});

test("one that cannot be written waits, and holds back no other message", async () => {
	const { sessionId, id } = await givenParticipant();
	await issue(id, later);
	await db
		.updateTable("attestation")
		.set({ zone: "Nowhere/At_All" })
		.where("registrationId", "=", id)
		.execute();
	const others = await givenRegistration(db, await givenSession(db));
	const left: string[] = [];
	const transport = {
		kind: "smtp" as const,
		async deliver({ to }: OutgoingEmail) {
			left.push(to.address);
			return { outcome: "sent" as const, response: "250" };
		},
		close() {},
	};
	while ((await deliverDue(db, transport, settings, later)) > 0);
	expect(left).toContain(others.email);
	const [email] = await mailOf(sessionId);
	expect(email).toMatchObject({
		status: "queued",
		attempts: 1,
		lastError: expect.stringMatching(/time zone/i),
	});
	expect(email!.dueAt.getTime()).toBeGreaterThan(later.getTime());
	await db.deleteFrom("email").where("id", "=", email!.id).execute();
});

test("whoever was there in part has a proof of that part, once it is said how long", async () => {
	const { sessionId, id } = await givenParticipant("partial");
	expect(await issue(id)).toBe(false);
	expect(await mailOf(sessionId)).toEqual([]);
	await note(sessionId, id, "partial", 150);
	expect(await issue(id)).toBe(true);
	expect(minutesOf((await inForce(id))!)).toBe(150);
});

test.each([["absent"], [null]] as const)("nobody has one who was noted as %j", async (status) => {
	const { sessionId, id } = await givenParticipant(status);
	expect(await issue(id)).toBe(false);
	expect(await inForce(id)).toBeUndefined();
	expect(await mailOf(sessionId)).toEqual([]);
});

test("nobody has one before the date is over, or without a seat", async () => {
	const { id } = await givenParticipant();
	expect(await issue(id, new Date("2026-12-01T20:00:00Z"))).toBe(false);
	await db
		.updateTable("registration")
		.set({ status: "cancelled", cancelReason: "organizer", cancelledAt: dayAfter })
		.where("id", "=", id)
		.execute();
	expect(await issue(id)).toBe(false);
});

test("asked for again, the same one goes out again", async () => {
	const { sessionId, id } = await givenParticipant();
	await issue(id);
	const first = await inForce(id);
	// While the first is still to leave there is nothing to send again.
	expect(await issue(id, later)).toBe(true);
	expect(await mailOf(sessionId)).toHaveLength(1);
	await mailLeaves();
	expect(await issue(id, later)).toBe(true);
	expect(await inForce(id)).toEqual(first);
	expect(await mailOf(sessionId)).toHaveLength(2);
});

test("done twice at the same instant, it is done once", async () => {
	const { sessionId, id } = await givenParticipant();
	await Promise.all([issue(id), issue(id)]);
	expect(await listAttestations(db, id)).toHaveLength(1);
	expect(await mailOf(sessionId)).toHaveLength(1);
});

test("a corrected one takes the place of the first, whose email no longer leaves and whose number says so", async () => {
	const { sessionId, id } = await givenParticipant();
	await issue(id);
	const first = (await inForce(id))!;
	await db.updateTable("registration").set({ name: "Zoé Roy-Côté" }).where("id", "=", id).execute();
	expect(await issue(id, later)).toBe(true);
	const second = (await inForce(id))!;
	expect(second).toMatchObject({ name: "Zoé Roy-Côté" });
	expect(second.serial).not.toBe(first.serial);
	expect(await findAttestation(db, first.serial)).toMatchObject({ endedAt: later, isReplaced: true });
	expect(await findAttestation(db, second.serial)).toMatchObject({ endedAt: null, isReplaced: false });
	const emails = await mailOf(sessionId);
	expect(emails.map(({ status }) => status).sort()).toEqual(["cancelled", "queued"]);
});

test("it is taken back from somebody who turns out to have been absent", async () => {
	const { sessionId, id } = await givenParticipant();
	await issue(id);
	const { serial } = (await inForce(id))!;
	await note(sessionId, id, "absent");
	expect(await issue(id, later)).toBe(true);
	expect(await inForce(id)).toBeUndefined();
	expect(await findAttestation(db, serial)).toMatchObject({ endedAt: later, isReplaced: false });
	expect((await mailOf(sessionId)).map(({ status }) => status)).toEqual(["cancelled"]);
});

test("a batch waits half a minute, then each has theirs and whoever could not is named", async () => {
	const sessionId = await givenSession(db);
	const people = await givenRegistrations(db, sessionId, [{}, {}, {}]);
	for (const { id } of people.slice(0, 2)) await note(sessionId, id, "present");
	const deed = { id: newId(), kind: "attest" as const, sessionId, toSessionId: null, organizerId };
	await planDeed(db, { ...deed, registrationIds: people.map(({ id }) => id) }, dayAfter);
	const at = (seconds: number) => new Date(dayAfter.getTime() + seconds * 1000);
	await doDueDeeds(db, origin, at(29));
	expect(await mailOf(sessionId)).toEqual([]);
	await doDueDeeds(db, origin, at(31));
	expect(await mailOf(sessionId)).toHaveLength(2);
	const done = await db.selectFrom("deed").selectAll().where("id", "=", deed.id).executeTakeFirstOrThrow();
	expect(done).toMatchObject({ state: "done", failedIds: [people[2]!.id] });
});

test("whoever has no address has theirs by way of the contact", async () => {
	const sessionId = await givenSession(db);
	const group = aGroup(sessionId, 2);
	Object.assign(group.people[1]!, { name: "Samuel Côté", email: null });
	await registerTogether(db, origin, [group], now);
	const { id } = await db
		.selectFrom("registration")
		.select("id")
		.where("sessionId", "=", sessionId)
		.where("name", "=", "Samuel Côté")
		.executeTakeFirstOrThrow();
	await note(sessionId, id, "present");
	await issue(id);
	const [email] = await mailOf(sessionId);
	expect(email).toMatchObject({ toAddress: group.contact.email });
	expect(email!.html).toContain("Samuel Côté");
	expect(email!.subject).toMatch(/^Attestation de Samuel Côté/);
	expect(email!.text).not.toContain("Merci d’avoir été des nôtres");
});

test("whoever moves on to another date keeps the proof of the first, whatever they do at the second", async () => {
	const { sessionId, id } = await givenParticipant();
	await issue(id);
	const first = await inForce(id);
	const second = await givenSession(db, { meetings: [aMeeting("2026-12-03")] });
	await db.updateTable("registration").set({ sessionId: second }).where("id", "=", id).execute();
	await note(second, id, "absent");
	expect(await issue(id, later)).toBe(false);
	expect(await inForce(id)).toEqual(first);
	await note(second, id, "present");
	expect(await issue(id, later)).toBe(true);
	const held = (await listAttestations(db, id)).filter(({ endedAt }) => !endedAt);
	expect(held.map((one) => one.sessionId)).toEqual([sessionId, second]);
});

test("from whoever has no seat any more, an organizer takes the proof back", async () => {
	const { sessionId, id } = await givenParticipant();
	await issue(id);
	const gone = { status: "cancelled", cancelReason: "organizer", cancelledAt: dayAfter } as const;
	await db.updateTable("registration").set(gone).where("id", "=", id).execute();
	const { people } = await listParticipants(db, sessionId, 1);
	expect(people).toMatchObject([{ id, isSeated: false }]);
	expect(await issue(id, later)).toBe(true);
	expect(await inForce(id)).toBeUndefined();
	expect((await listParticipants(db, sessionId, 1)).people).toEqual([]);
});

test("an email that brought a proof that has ended goes out to nobody again", async () => {
	const { sessionId, id } = await givenParticipant();
	await issue(id);
	await mailLeaves();
	await note(sessionId, id, "absent");
	await issue(id, later);
	const [email] = await mailOf(sessionId);
	await resendEmail(db, email!.id, organizerId, later);
	const transport = {
		kind: "smtp" as const,
		deliver: () => Promise.reject(new Error("Nothing is to leave.")),
		close() {},
	};
	while ((await deliverDue(db, transport, settings, later)) > 0);
	expect((await mailOf(sessionId))[0]).toMatchObject({ status: "cancelled" });
});

test("an email that did not arrive is known by its attestation, until another one did", async () => {
	const { sessionId, id } = await givenParticipant();
	await issue(id);
	const { id: attestationId } = (await inForce(id))!;
	const undelivered = () => findUndelivered(db, [attestationId]);
	expect(await undelivered()).toEqual(new Set());
	await db.updateTable("email").set({ status: "bounced" }).where("registrationId", "=", id).execute();
	expect(await undelivered()).toEqual(new Set([attestationId]));
	await issue(id, later);
	expect(await undelivered()).toEqual(new Set());
	expect(await mailOf(sessionId)).toHaveLength(2);
});

test("nobody is certified under a name that the paper cannot show", async () => {
	const { id } = await givenParticipant();
	await db.updateTable("registration").set({ name: "王小明" }).where("id", "=", id).execute();
	expect(await issue(id)).toBe(false);
});

test("noted again as there in part, without a word of how long, somebody keeps what was noted", async () => {
	const { sessionId, id } = await givenParticipant("partial", 150);
	await note(sessionId, id, "partial");
	await issue(id);
	expect(minutesOf((await inForce(id))!)).toBe(150);
	await note(sessionId, id, "present");
	await note(sessionId, id, "partial");
	expect(await issue(id, later)).toBe(false);
});

test("of two meetings, only the one that somebody came to counts", async () => {
	const meetings: [ReturnType<typeof aMeeting>, ReturnType<typeof aMeeting>] = [
		aMeeting("2026-12-01", "09:00", "12:00"),
		aMeeting("2026-12-02", "09:00", "11:00"),
	];
	const sessionId = await givenSession(db, { meetings });
	const { id } = await givenRegistration(db, sessionId);
	const held = (await findSessionDetails(db, sessionId))!.meetings;
	const record = (index: number, status: "present" | "absent") =>
		recordAttendance(
			db,
			{ sessionId, meetingIds: [held[index]!.id], people: [id] },
			status,
			organizerId,
			dayAfter,
		);
	await record(0, "present");
	expect(await issue(id, later)).toBe(false);
	await record(1, "absent");
	expect(await issue(id, later)).toBe(true);
	expect((await inForce(id))!.meetings).toEqual([
		{ startsAt: "2026-12-01T14:00:00.000Z", endsAt: "2026-12-01T17:00:00.000Z", minutes: 180 },
	]);
	// Read back from the database, it is the same: nothing is replaced.
	expect(await issue(id, new Date(later.getTime() + 1000))).toBe(true);
	expect(await listAttestations(db, id)).toHaveLength(1);
});

test("whoever is erased keeps the proof, without who employs them; nobody can issue another", async () => {
	const { sessionId, id } = await givenParticipant("partial", 90);
	await issue(id);
	await note(sessionId, id, "present");
	await issue(id);
	expect((await eraseRegistration(db, origin, id, { attendee: true }, later)).ok).toBe(true);
	expect(await inForce(id)).toMatchObject({ name: "Zoé Roy", organization: "", endedAt: null });
	const [before] = await listAttestations(db, id);
	expect(before).toMatchObject({ name: "", organization: "" });
	expect((await mailOf(sessionId))[0]).toMatchObject({ status: "cancelled", toAddress: "", attachments: [] });
	// Issued in error, it can still be taken back.
	expect((await listParticipants(db, sessionId, 1)).people).toMatchObject([{ id, isSeated: false }]);
	expect(await issue(id, later)).toBe(true);
	expect(await inForce(id)).toBeUndefined();
});

test("what the release before erased keeps no employer either", async () => {
	const { id } = await givenParticipant();
	await issue(id);
	await db
		.updateTable("registration")
		.set({ name: "", sortName: "", searchText: "", email: null })
		.where("id", "=", id)
		.execute();
	await erasePast(db, later);
	expect(await inForce(id)).toMatchObject({ name: "Zoé Roy", organization: "" });
});

test("the proof is erased seven years after it was issued, and not before", async () => {
	const { id } = await givenParticipant();
	await issue(id);
	const monthsAfter = (n: number) => monthsBefore(dayAfter, -n, "America/Toronto");
	await erasePast(db, monthsAfter(83));
	expect(await inForce(id)).toMatchObject({ name: "Zoé Roy", organization: "" });
	await erasePast(db, new Date(monthsAfter(84).getTime() + 2 * 24 * 3600_000));
	expect(await listAttestations(db, id)).toEqual([]);
});
