import { sql } from "kysely";
import {
	type AskedAt,
	hasOptions,
	type MergedOptions,
	mergeOptions,
	type QuestionKind,
	type TypedOptions,
} from "#app/domain/question.ts";
import type { Db, Trx } from "#db/client.server.ts";
import { newId } from "#db/id.ts";
import { type AuditAction, recordAudit } from "#db/queries/audit.server.ts";
import { findQuestion, isAnswered } from "#db/queries/questions.server.ts";

export type QuestionInput = {
	kind: QuestionKind;
	labelFr: string;
	labelEn: string;
	required: boolean;
	askedAt: AskedAt;
	options: TypedOptions;
};

type SaveQuestionResult =
	| { ok: true; id: string }
	| { ok: false; reason: "unknown" | "kind-frozen" }
	| { ok: false; reason: "options"; options: Extract<MergedOptions, { ok: false }>["reason"] };

/**
 * Adds a question at the end of a workshop's, or changes the one named by `existing`. Once it was answered its kind
 * stays, and so do the values of its options.
 */
export async function saveQuestion(
	db: Db,
	workshopId: string,
	input: QuestionInput,
	existing: string | null,
	organizerId: string | null,
	now: Date,
): Promise<SaveQuestionResult> {
	return db.transaction().execute(async (trx) => {
		await lockQuestions(trx, workshopId);
		const before = existing ? await findQuestion(trx, existing) : undefined;
		if (existing && before?.workshopId !== workshopId) return { ok: false, reason: "unknown" };
		const answered = before ? await isAnswered(trx, before.id) : false;
		if (answered && before?.kind !== input.kind) return { ok: false, reason: "kind-frozen" };

		const merged: MergedOptions = hasOptions(input.kind)
			? mergeOptions(before?.options ?? [], input.options, answered)
			: { ok: true, options: [] };
		if (!merged.ok) return { ok: false, reason: "options", options: merged.reason };
		const { options: _, ...texts } = input;
		const values = { ...texts, options: JSON.stringify(merged.options) };
		const id = before?.id ?? newId();
		if (before) {
			await trx.updateTable("question").set(values).where("id", "=", id).execute();
		} else {
			const position = (await lastPosition(trx, workshopId)) + 1;
			await trx
				.insertInto("question")
				.values({ ...values, id, workshopId, position, archivedAt: null })
				.execute();
		}
		await audit(trx, before ? "question.changed" : "question.created", workshopId, id, organizerId, now);
		return { ok: true, id };
	});
}

/** Stops asking a question, whose answers stay, or asks it again at the end of the others. False when there is none. */
export async function archiveQuestion(
	db: Db,
	workshopId: string,
	id: string,
	archived: boolean,
	organizerId: string,
	now: Date,
): Promise<boolean> {
	return db.transaction().execute(async (trx) => {
		await lockQuestions(trx, workshopId);
		const question = await findQuestion(trx, id);
		if (question?.workshopId !== workshopId) return false;
		if (Boolean(question.archivedAt) === archived) return true;
		const position = archived ? question.position : (await lastPosition(trx, workshopId)) + 1;
		await trx
			.updateTable("question")
			.set({ archivedAt: archived ? now : null, position })
			.where("id", "=", id)
			.execute();
		const action = archived ? "question.archived" : "question.restored";
		await audit(trx, action, workshopId, id, organizerId, now);
		return true;
	});
}

/** Moves a question one place up or down among those that are asked. At the end of the list nothing changes. False when there is none. */
export async function moveQuestion(
	db: Db,
	workshopId: string,
	id: string,
	direction: "up" | "down",
	organizerId: string,
	now: Date,
): Promise<boolean> {
	return db.transaction().execute(async (trx) => {
		await lockQuestions(trx, workshopId);
		const asked = await trx
			.selectFrom("question")
			.select(["id", "position"])
			.where("workshopId", "=", workshopId)
			.where("archivedAt", "is", null)
			.orderBy("position")
			.orderBy("id")
			.execute();
		const from = asked.findIndex((question) => question.id === id);
		if (from < 0) return false;
		const moved = asked[from]!;
		const neighbour = asked[direction === "up" ? from - 1 : from + 1];
		if (!neighbour) return true;
		for (const [question, position] of [
			[moved, neighbour.position],
			[neighbour, moved.position],
		] as const) {
			await trx.updateTable("question").set({ position }).where("id", "=", question.id).execute();
		}
		await audit(trx, "question.moved", workshopId, id, organizerId, now);
		return true;
	});
}

/**
 * One change after the other. Locking the rows also waits for the answers that are being written, which hold them by
 * their foreign key: what is then not answered is not about to be.
 */
async function lockQuestions(trx: Trx, workshopId: string): Promise<void> {
	await sql`select 1 from workshop where id = ${workshopId} for no key update`.execute(trx);
	await sql`select 1 from question where workshop_id = ${workshopId} order by id for update`.execute(trx);
}

async function lastPosition(trx: Trx, workshopId: string): Promise<number> {
	const { last } = await trx
		.selectFrom("question")
		.select((eb) => eb.fn.max("position").as("last"))
		.where("workshopId", "=", workshopId)
		.executeTakeFirstOrThrow();
	return last ?? 0;
}

async function audit(
	trx: Trx,
	action: AuditAction,
	workshopId: string,
	questionId: string,
	organizerId: string | null,
	now: Date,
): Promise<void> {
	const by = organizerId ? { actor: "organizer" as const, organizerId } : { actor: "system" as const };
	await recordAudit(trx, [{ ...by, action, workshopId, data: { question: questionId } }], now);
}
