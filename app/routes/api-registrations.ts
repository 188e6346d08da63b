import type { LoaderFunctionArgs } from "@remix-run/node";
import { registrationShape } from "#app/exports/api-shapes.ts";
import { apiId, apiNotFound, apiPage, apiPageSize, problem, requireApiToken } from "#app/http/api.server.ts";
import { isId } from "#app/http/params.ts";
import { paths } from "#app/paths.ts";
import { recordReading } from "#app/use-cases/api-tokens.server.ts";
import { listApiRegistrations } from "#db/queries/api-registrations.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { listExportedQuestions } from "#db/queries/questions.server.ts";
import { findApiSession } from "#db/queries/sessions.server.ts";

/** The people of one date, in the order in which they signed up. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const token = await requireApiToken(request, context);
	const { db, config } = context;
	const sessionId = apiId(params.sessionId);
	const after = new URL(request.url).searchParams.get("after") ?? undefined;
	if (after !== undefined && !isId(after)) throw problem(400, "after is none that an answer gave.");
	const details = await findApiSession(db, sessionId);
	if (!details) throw apiNotFound();
	await recordReading(db, token.id, sessionId, new Date());
	const [firm, questions] = await Promise.all([findFirm(db), listExportedQuestions(db, details.workshop.id)]);
	const found = await listApiRegistrations(db, firm, { sessionId, after }, apiPageSize + 1);
	return apiPage(
		found,
		(registration) => registrationShape(registration, questions),
		({ id }) => config.publicUrl + paths.api.registrations(sessionId, id),
	);
}
