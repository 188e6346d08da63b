import { sameText } from "#app/domain/token.server.ts";
import { recordBounce } from "#app/use-cases/record-bounce.server.ts";
import type { AppContext } from "./context.server.ts";

/**
 * A mail server reports a message that came back, as the raw report. It shows a bearer token, which no page of another
 * site can make a browser send.
 */
export async function receiveBounce(
	request: Request,
	{ config, db }: Pick<AppContext, "config" | "db">,
): Promise<Response> {
	const given = request.headers.get("Authorization") ?? "";
	if (!config.bounceToken || !sameText(given, `Bearer ${config.bounceToken}`)) {
		return new Response(null, { status: 401, headers: { "WWW-Authenticate": "Bearer" } });
	}
	// A report about nothing of ours is taken as well: sending it again would not help.
	const outcome = await recordBounce(db, await request.text(), new Date());
	return Response.json({ outcome });
}
