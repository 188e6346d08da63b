import { sql } from "kysely";
import type { EmailText } from "#app/domain/email-texts.ts";
import type { Db } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";

/** Writes an organizer's words for one email, by `kind.locale`, or takes them away with null: its own come back. */
export async function saveEmailText(
	db: Db,
	key: string,
	text: EmailText | null,
	organizerId: string,
	now: Date,
): Promise<void> {
	await db.transaction().execute(async (trx) => {
		const emailTexts = text
			? sql<string>`email_texts || jsonb_build_object(${key}::text, ${JSON.stringify(text)}::jsonb)`
			: sql<string>`email_texts - ${key}::text`;
		await trx.updateTable("firm").set({ emailTexts, updatedAt: now }).execute();
		const action = text ? "email-text.changed" : "email-text.reset";
		await recordAudit(trx, [{ actor: "organizer", organizerId, action, data: { text: key } }], now);
	});
}
