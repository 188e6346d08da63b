import ICAL from "ical.js";
import { afterAll, expect, test } from "vitest";
import type { SessionInput } from "#app/use-cases/schedule-session.server.ts";
import type { Message } from "#emails/message.ts";
import { transportFor } from "#emails/transport.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import { aMeeting, aPlace, now } from "#tests/fixtures.ts";
import { templates } from "./every-template.ts";
import { startSmtp } from "./smtp.ts";

const { db, drop } = await createTestDatabase();
afterAll(drop);

function eventsOf(message: Message) {
	const file = new ICAL.Component(ICAL.parse(message.calendar!.content));
	const zoneIds = file.getAllSubcomponents("vtimezone").map((each) => each.getFirstPropertyValue("tzid"));
	return file.getAllSubcomponents("vevent").map((event) => {
		const of = (name: string) => event.getFirstPropertyValue(name);
		const start = event.getFirstProperty("dtstart")!;
		return {
			method: file.getFirstPropertyValue("method"),
			uid: of("uid"),
			sequence: of("sequence"),
			status: of("status"),
			summary: of("summary"),
			start: String(start.getFirstValue()),
			zone: start.getFirstParameter("tzid"),
			zoneIds,
		};
	});
}

test("the calendar's entry keeps its UID from the confirmation to the cancellation, and its SEQUENCE rises", async () => {
	const facts = await aPlace(db, "fr");
	const later = { ...facts, registration: { ...facts.registration, calendarSequence: 1 } };
	const [confirmed] = eventsOf(templates.confirmation(facts));
	const [cancelled] = eventsOf(templates.cancellation(later));
	expect(confirmed).toEqual({
		method: "PUBLISH",
		uid: facts.registration.calendarUid,
		sequence: 0,
		status: "CONFIRMED",
		summary: "Les médias sociaux en entreprise",
		start: "2026-12-01T09:30:00",
		zone: "America/Toronto",
		zoneIds: ["America/Toronto"],
	});
	expect(cancelled).toEqual({ ...confirmed, method: "CANCEL", sequence: 1, status: "CANCELLED" });
	expect(eventsOf(templates.seated(facts))).toEqual([confirmed]);
});

test("each meeting has its entry, and those without a seat have none", async () => {
	const meetings: SessionInput["meetings"] = [aMeeting("2026-12-01"), aMeeting("2026-12-08")];
	const facts = await aPlace(db, "fr", { meetings });
	const events = eventsOf(templates.confirmation(facts));
	expect(events.map(({ start }) => start)).toEqual(["2026-12-01T09:30:00", "2026-12-08T09:30:00"]);
	expect(new Set(events.map(({ uid }) => uid)).size).toBe(2);
	for (const name of ["waitlisted", "already-registered", "cancellation-waiting"] as const) {
		expect(templates[name](facts).calendar, name).toBeUndefined();
	}
});

test("as received: text, HTML and calendar are three ways to read one message, and the calendar is a file as well", async () => {
	const smtp = await startSmtp();
	const transport = transportFor({ smtpUrl: smtp.url, dkim: null });
	const facts = await aPlace(db, "fr");
	for (const name of ["confirmation", "cancellation", "waitlisted"] as const) {
		const { to, subject, html, text, calendar, replyTo } = templates[name](facts);
		await transport.deliver({
			messageId: `<${name}@exemple.ca>`,
			from: { name: "Formation Exemple", address: "inscriptions@exemple.ca" },
			to,
			replyTo: replyTo ?? null,
			subject,
			html,
			text,
			calendar: calendar ?? null,
			attachments: [],
			date: now,
		});
		const mail = smtp.arrived.at(-1)!;
		expect(mail.subject).toBe(subject);
		expect(mail.text).toBe(text);
		expect(mail.html).toBe(html);
		expect(mail.replyTo?.value).toMatchObject([{ address: "formation@exemple.ca" }]);
		if (!calendar) {
			expect(mail.headers.get("content-type")).toMatchObject({ value: "multipart/alternative" });
			expect(mail.attachments).toEqual([]);
			continue;
		}
		const [alternative, file] = mail.attachments;
		expect(alternative!.headers.get("content-type")).toEqual({
			value: "text/calendar",
			params: { charset: "utf-8", method: calendar.method },
		});
		expect(alternative).toMatchObject({ partId: "1.3" });
		expect(file).toMatchObject({
			partId: "2",
			contentType: "application/ics",
			contentDisposition: "attachment",
			filename: "invitation.ics",
		});
		for (const part of mail.attachments) expect(part.content.toString()).toBe(calendar.content);
	}
	transport.close();
	await smtp.close();
});
