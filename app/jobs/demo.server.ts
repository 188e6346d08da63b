import type { Answer } from "#app/domain/question.ts";
import { zonedInstant } from "#app/domain/time.server.ts";
import type { MailOrigin } from "#app/use-cases/mail-origin.ts";
import { registerTogether } from "#app/use-cases/register.server.ts";
import { saveQuestion } from "#app/use-cases/save-question.server.ts";
import { saveWorkshop } from "#app/use-cases/save-workshop.server.ts";
import { type MeetingInput, scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import type { Db } from "#db/client.server.ts";
import { type DemoQuestion, type DemoSession, demoSite } from "#db/demo.ts";
import { newId } from "#db/id.ts";
import { saveFirm } from "#db/queries/firm.server.ts";

const hour = 3600 * 1000;

/** Fills an empty database with the demo site, through the same use cases as people's own actions. Its emails stay here. */
export async function fillWithDemo(db: Db, origin: MailOrigin, now: Date): Promise<void> {
	const site = demoSite(now);
	await saveFirm(db, { ...site.firm, retentionMonths: 24 }, now);
	for (const { sessions, questions = [], ...texts } of site.workshops) {
		const saved = await saveWorkshop(db, { ...texts, published: true }, null, null, now);
		if (!saved.ok) throw new Error(`The demo's workshop ${texts.slugFr} was refused: ${saved.reason}`);
		const questionIds = await addQuestions(db, saved.id, questions, now);
		for (const session of sessions) {
			const id = await scheduleSession(db, saved.id, sessionInput(session), null, now);
			await signUpAttendees(db, origin, id, session, questionIds, now);
		}
	}
	await db.updateTable("email").set({ status: "captured", sentAt: now }).execute();
}

async function addQuestions(
	db: Db,
	workshopId: string,
	questions: DemoQuestion[],
	now: Date,
): Promise<string[]> {
	const ids: string[] = [];
	for (const { choicesFr = "", choicesEn = "", ...question } of questions) {
		const options = { existing: new Map(), addedFr: choicesFr, addedEn: choicesEn };
		const saved = await saveQuestion(db, workshopId, { ...question, options }, null, null, now);
		if (!saved.ok) throw new Error(`The demo's question ${question.labelFr} was refused: ${saved.reason}`);
		ids.push(saved.id);
	}
	return ids;
}

async function signUpAttendees(
	db: Db,
	origin: MailOrigin,
	sessionId: string,
	session: DemoSession,
	questionIds: string[],
	now: Date,
): Promise<void> {
	for (const [index, { note, answers: given = [], ...person }] of session.attendees.entries()) {
		const { name, email, locale, organization } = person;
		// Spread over the last days, the latest a few hours ago.
		const at = new Date(now.getTime() - (session.attendees.length - index) * 5.3 * hour);
		const answers = given.flatMap((value, question): Answer[] =>
			value === null ? [] : [{ questionId: questionIds[question]!, value }],
		);
		await registerTogether(
			db,
			origin,
			[
				{
					key: newId(),
					sessionId,
					whenFull: "wait",
					contact: { name, email, locale },
					contactAttends: true,
					organization,
					poNumber: "",
					billingAddress: "",
					people: [person],
					newsWording: null,
					answers,
				},
			],
			at,
		);
		if (note) {
			await db
				.updateTable("registration")
				.set({ note })
				.where("sessionId", "=", sessionId)
				.where("email", "=", person.email)
				.execute();
		}
	}
}

function sessionInput({ attendees: _, meetings, ...session }: DemoSession) {
	const [first, ...others] = meetings.map(({ date, start, end }): MeetingInput => {
		const startsAt = zonedInstant(date, start, session.zone);
		const endsAt = zonedInstant(date, end, session.zone);
		if (!startsAt.ok || !endsAt.ok)
			throw new Error(`The demo's ${date} ${start}-${end} is not an hour that exists`);
		return {
			localDate: date,
			localStart: start,
			localEnd: end,
			startsAt: startsAt.instant,
			endsAt: endsAt.instant,
		};
	});
	return {
		...session,
		minimum: 0,
		waitlistMode: "automatic" as const,
		opensAt: null,
		closesAt: null,
		cancelUntil: null,
		giveUntil: null,
		published: true,
		meetings: [first!, ...others] as [MeetingInput, ...MeetingInput[]],
	};
}
