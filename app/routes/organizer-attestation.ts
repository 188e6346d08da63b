import type { LoaderFunctionArgs } from "@remix-run/node";
import { attestationFile } from "#app/http/attestations.server.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam } from "#app/http/params.ts";

/** Somebody's attestation of a session, to print or to hand over. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
	await requireOrganizer(request, context);
	return attestationFile(context, idParam(params.sessionId), idParam(params.registrationId));
}
