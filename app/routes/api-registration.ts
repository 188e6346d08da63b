import type { LoaderFunctionArgs } from "@remix-run/node";
import { registrationShape } from "#app/exports/api-shapes.ts";
import { apiAnswer, apiId, apiNotFound, requireApiToken } from "#app/http/api.server.ts";
import { recordReading } from "#app/use-cases/api-tokens.server.ts";
import { findApiRegistration } from "#db/queries/api-registrations.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { listExportedQuestions } from "#db/queries/questions.server.ts";
import { findApiSession } from "#db/queries/sessions.server.ts";

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const token = await requireApiToken(request, context);
	const { db } = context;
	const registration = await findApiRegistration(db, await findFirm(db), apiId(params.registrationId));
	const details = registration && (await findApiSession(db, registration.sessionId));
	if (!details) throw apiNotFound();
	await recordReading(db, token.id, registration.sessionId, new Date());
	return apiAnswer(registrationShape(registration, await listExportedQuestions(db, details.workshop.id)));
}
