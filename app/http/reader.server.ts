import { idOfToken, tokenIsGenuine } from "#app/domain/token.server.ts";
import { paths } from "#app/paths.ts";
import { stopAnnouncements } from "#app/use-cases/stop-announcements.server.ts";
import { findReader } from "#db/queries/interest.server.ts";
import type { AppContext } from "./context.server.ts";
import { notFound } from "./responses.ts";

/** Whoever got the email that a signed link stands in: its address and language. Throws a 404 for a link that is not ours. */
export async function findReaderOf(context: Pick<AppContext, "db" | "secrets">, token = "") {
	const id = idOfToken(token);
	if (!id || !tokenIsGenuine(context.secrets, "preferences", token, id)) throw notFound();
	const reader = await findReader(context.db, id);
	if (!reader) throw notFound();
	return reader;
}

/** The page that a signed link is about, in the language of its email. A link that is not ours leads there too, to be told so. */
export async function findPreferencesPage(
	context: Pick<AppContext, "db" | "secrets">,
	token: string,
): Promise<string> {
	const reader = await findReaderOf(context, token).catch(() => undefined);
	return paths.preferences(reader?.locale ?? "fr", token);
}

/**
 * One-click unsubscription (RFC 8058): mail programs post to it without a page, so the signed link alone authorizes.
 * A body is not asked for: whatever arrives by POST is meant.
 */
export async function unsubscribe(
	context: Pick<AppContext, "db" | "secrets">,
	token: string,
): Promise<Response> {
	try {
		const { address } = await findReaderOf(context, token);
		await stopAnnouncements(context.db, address, new Date());
	} catch (error) {
		if (error instanceof Response) return error;
		throw error;
	}
	return new Response(null, { status: 204 });
}
