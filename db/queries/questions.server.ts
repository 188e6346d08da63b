import { type ExpressionBuilder, sql } from "kysely";
import type { Locale } from "#app/domain/locale.ts";
import type { Answer, AnswerValue, AskedAt, Question } from "#app/domain/question.ts";
import type { Db, Trx } from "../client.server.ts";
import type { Database, QuestionRow } from "../schema.ts";

const ofQuestion = [
	"question.id",
	"question.kind",
	"question.labelFr",
	"question.labelEn",
	"question.options",
	"question.required",
	"question.askedAt",
] as const;

/** What a workshop asks at one moment, or at both, in the order of the page. */
export async function listQuestions(db: Db, workshopId: string, askedAt?: AskedAt): Promise<Question[]> {
	let query = db
		.selectFrom("question")
		.select(ofQuestion)
		.where("workshopId", "=", workshopId)
		.where("archivedAt", "is", null)
		.orderBy("position")
		.orderBy("id");
	if (askedAt) query = query.where("askedAt", "=", askedAt);
	return query.execute();
}

/** The same at sign-up, for the workshop that has this address. */
export async function listSignUpQuestions(db: Db, locale: Locale, slug: string): Promise<Question[]> {
	return db
		.selectFrom("question")
		.innerJoin("workshopSlug", "workshopSlug.workshopId", "question.workshopId")
		.select(ofQuestion)
		.where("workshopSlug.locale", "=", locale)
		.where("workshopSlug.slug", "=", slug)
		.where("askedAt", "=", "registration")
		.where("archivedAt", "is", null)
		.orderBy("position")
		.orderBy("question.id")
		.execute();
}

/** What an export has a column for: what is asked, and what is no longer but was answered. */
export async function listExportedQuestions(db: Db, workshopId: string): Promise<Question[]> {
	return db
		.selectFrom("question")
		.select(ofQuestion)
		.where("workshopId", "=", workshopId)
		.where((eb) => eb.or([eb("archivedAt", "is", null), eb.exists(answersOfQuestion(eb))]))
		.orderBy("position")
		.orderBy("id")
		.execute();
}

/** Every question of a workshop with the number of its answers, archived ones last. */
export async function listQuestionsForOrganizer(db: Db, workshopId: string) {
	return db
		.selectFrom("question")
		.selectAll()
		.select((eb) => answersOfQuestion(eb).select(sql<number>`count(*)::int`.as("count")).as("answers"))
		.where("workshopId", "=", workshopId)
		.orderBy((eb) => eb("archivedAt", "is not", null))
		.orderBy("position")
		.orderBy("id")
		.execute();
}

function answersOfQuestion(eb: ExpressionBuilder<Database, "question">) {
	return eb.selectFrom("answer").select([]).whereRef("answer.questionId", "=", "question.id");
}

export async function findQuestion(db: Db | Trx, id: string): Promise<QuestionRow | undefined> {
	return db.selectFrom("question").selectAll().where("id", "=", id).executeTakeFirst();
}

/** Whether anybody answered it. */
export async function isAnswered(db: Db | Trx, questionId: string): Promise<boolean> {
	const one = await db
		.selectFrom("answer")
		.select("questionId")
		.where("questionId", "=", questionId)
		.limit(1)
		.executeTakeFirst();
	return one !== undefined;
}

/** What one person is or was asked, with the answers given: what is asked now, and what was answered before it was archived. */
export async function listOwnAnswers(db: Db, registrationId: string, workshopId: string) {
	return db
		.selectFrom("question")
		.leftJoin("answer", (join) =>
			join.onRef("answer.questionId", "=", "question.id").on("answer.registrationId", "=", registrationId),
		)
		.select(ofQuestion)
		.select(["answer.value", "question.archivedAt"])
		.where("workshopId", "=", workshopId)
		.where((eb) => eb.or([eb("archivedAt", "is", null), eb("answer.value", "is not", null)]))
		.orderBy("position")
		.orderBy("question.id")
		.execute();
}

/** The answers of some people, by registration and then by question. */
export async function findAnswers(
	db: Db,
	registrationIds: string[],
): Promise<Map<string, Map<string, AnswerValue>>> {
	const rows = await db
		.selectFrom("answer")
		.select(["registrationId", "questionId", "value"])
		.where(sql<boolean>`registration_id = any(${registrationIds}::uuid[])`)
		.execute();
	const found = new Map<string, Map<string, AnswerValue>>();
	for (const { registrationId, questionId, value } of rows) {
		const own = found.get(registrationId) ?? new Map<string, AnswerValue>();
		found.set(registrationId, own.set(questionId, value));
	}
	return found;
}

/** Keeps the answers of people to a workshop's own questions; one given before is replaced. Returns how many differ. */
export async function keepAnswers(
	trx: Trx,
	workshopId: string,
	answers: (Answer & { registrationId: string })[],
	now: Date,
): Promise<bigint> {
	if (answers.length === 0) return 0n;
	const { numAffectedRows = 0n } = await sql`
		insert into answer (registration_id, question_id, value, updated_at)
		select given."registrationId", question.id, given.value, ${now}
		from jsonb_to_recordset(${JSON.stringify(answers)}::jsonb)
			as given("registrationId" uuid, "questionId" uuid, value jsonb)
		join question on question.id = given."questionId" and question.workshop_id = ${workshopId}
		on conflict (registration_id, question_id) do update set value = excluded.value, updated_at = excluded.updated_at
			where answer.value <> excluded.value
	`.execute(trx);
	return numAffectedRows;
}

/** Takes back answers that a person left empty. Returns how many there were. */
export async function removeAnswers(
	trx: Trx,
	registrationId: string,
	questionIds: string[],
): Promise<bigint> {
	if (questionIds.length === 0) return 0n;
	const { numDeletedRows } = await trx
		.deleteFrom("answer")
		.where("registrationId", "=", registrationId)
		.where("questionId", "in", questionIds)
		.executeTakeFirst();
	return numDeletedRows;
}
