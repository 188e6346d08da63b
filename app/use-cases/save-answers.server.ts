import { type Answer, type AnswerValue, mayStillAnswer } from "#app/domain/question.ts";
import type { Db } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { keepAnswers, removeAnswers } from "#db/queries/questions.server.ts";

type SaveAnswersResult = { ok: true } | { ok: false; reason: "unknown" | "too-late" };

/**
 * Keeps what one person answered, and takes back what they left empty (null). The audit says to which questions, never what, and
 * nothing where nothing changed.
 */
export async function saveAnswers(
	db: Db,
	registrationId: string,
	answers: Answer<AnswerValue | null>[],
	now: Date,
): Promise<SaveAnswersResult> {
	return db.transaction().execute(async (trx) => {
		const place = await trx
			.selectFrom("registration")
			.innerJoin("session", "session.id", "registration.sessionId")
			.select([
				"registration.name",
				"registration.status",
				"registration.bookingId",
				"registration.sessionId",
			])
			.select(["session.workshopId", "session.endsAt", "session.cancelledAt"])
			.where("registration.id", "=", registrationId)
			.forNoKeyUpdate("registration")
			.executeTakeFirst();
		if (!place?.name) return { ok: false, reason: "unknown" };
		if (place.status === "repeated" || !mayStillAnswer(place, place.status, now))
			return { ok: false, reason: "too-late" };

		const given = answers.flatMap(({ questionId, value }) =>
			value === null ? [] : [{ registrationId, questionId, value }],
		);
		const empty = answers.filter(({ value }) => value === null).map(({ questionId }) => questionId);
		const kept = await keepAnswers(trx, place.workshopId, given, now);
		const removed = await removeAnswers(trx, registrationId, empty);
		if (kept + removed === 0n) return { ok: true };
		await recordAudit(
			trx,
			[
				{
					actor: "attendee",
					action: "registration.answered",
					sessionId: place.sessionId,
					bookingId: place.bookingId,
					registrationId,
					data: { questions: given.map(({ questionId }) => questionId) },
				},
			],
			now,
		);
		return { ok: true };
	});
}
