import { sql } from "kysely";
import type { Db, Trx } from "#db/client.server.ts";
import { newId } from "#db/id.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { findWorkshop } from "#db/queries/workshops.server.ts";
import type { Workshop } from "#db/schema.ts";

export type WorkshopInput = Omit<
	Workshop,
	"id" | "feedbackUrl" | "revision" | "publishedAt" | "archivedAt" | "createdAt" | "updatedAt"
> & { feedbackUrl?: string; published: boolean };

type SaveWorkshopResult =
	| { ok: true; id: string }
	| { ok: false; reason: "unknown" | "conflict" | "slug-fr-taken" | "slug-en-taken" };

/**
 * Creates a workshop, or changes the one named by `existing` if nobody else did since that revision; one made `like`
 * another asks the same questions. Earlier slugs keep leading to it; a slug that leads to another workshop is refused.
 */
export async function saveWorkshop(
	db: Db,
	input: WorkshopInput,
	existing: { id: string; revision: number } | { like: string } | null,
	organizerId: string | null,
	now: Date,
): Promise<SaveWorkshopResult> {
	return db.transaction().execute(async (trx) => {
		const { published, ...texts } = input;
		const known = existing && "id" in existing ? existing : null;
		const id = known?.id ?? newId();
		// One save after the other: two people may want the same address, or change the same workshop.
		await sql`select pg_advisory_xact_lock(hashtext('presence.workshops'))`.execute(trx);
		if (await slugLeadsElsewhere(trx, "fr", texts.slugFr, id)) return { ok: false, reason: "slug-fr-taken" };
		if (await slugLeadsElsewhere(trx, "en", texts.slugEn, id)) return { ok: false, reason: "slug-en-taken" };

		if (known) {
			const before = await findWorkshop(trx, id);
			if (!before) return { ok: false, reason: "unknown" };
			if (before.revision !== known.revision) return { ok: false, reason: "conflict" };
			const publishedAt = published ? (before.publishedAt ?? now) : null;
			await trx
				.updateTable("workshop")
				.set({ ...texts, publishedAt, updatedAt: now, revision: before.revision + 1 })
				.where("id", "=", id)
				.execute();
		} else {
			await trx
				.insertInto("workshop")
				.values({
					...texts,
					id,
					publishedAt: published ? now : null,
					archivedAt: null,
					createdAt: now,
					updatedAt: now,
				})
				.execute();
		}
		await trx
			.insertInto("workshopSlug")
			.values([
				{ locale: "fr", slug: texts.slugFr, workshopId: id },
				{ locale: "en", slug: texts.slugEn, workshopId: id },
			])
			.onConflict((conflict) => conflict.doNothing())
			.execute();
		if (existing && "like" in existing) await copyQuestions(trx, existing.like, id);
		const action = known ? "workshop.changed" : "workshop.created";
		const by = organizerId ? { actor: "organizer" as const, organizerId } : { actor: "system" as const };
		await recordAudit(trx, [{ ...by, action, workshopId: id }], now);
		return { ok: true, id };
	});
}

async function copyQuestions(trx: Trx, from: string, workshopId: string): Promise<void> {
	const questions = await trx
		.selectFrom("question")
		.selectAll()
		.where("workshopId", "=", from)
		.where("archivedAt", "is", null)
		.execute();
	if (questions.length === 0) return;
	const copies = questions.map((question) => ({
		...question,
		options: JSON.stringify(question.options),
		id: newId(),
		workshopId,
	}));
	await trx.insertInto("question").values(copies).execute();
}

async function slugLeadsElsewhere(trx: Trx, locale: "fr" | "en", slug: string, id: string): Promise<boolean> {
	const other = await trx
		.selectFrom("workshopSlug")
		.select("workshopId")
		.where("locale", "=", locale)
		.where("slug", "=", slug)
		.where("workshopId", "<>", id)
		.executeTakeFirst();
	return other !== undefined;
}
