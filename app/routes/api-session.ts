import type { LoaderFunctionArgs } from "@remix-run/node";
import { sessionShape } from "#app/exports/api-shapes.ts";
import { apiAnswer, apiId, apiNotFound, requireApiToken } from "#app/http/api.server.ts";
import { findApiSession } from "#db/queries/sessions.server.ts";

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	await requireApiToken(request, context);
	const details = await findApiSession(context.db, apiId(params.sessionId));
	if (!details) throw apiNotFound();
	return apiAnswer(sessionShape(details, context.config.publicUrl, new Date()));
}
