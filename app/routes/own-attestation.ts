import type { LoaderFunctionArgs } from "@remix-run/node";
import { attestationFile } from "#app/http/attestations.server.ts";
import { findOwnPlace } from "#app/http/own-pages.server.ts";

/** The attestation of the person whose link this is. */
export async function loader({ params, context }: LoaderFunctionArgs) {
	const { registration } = await findOwnPlace(context, params.token);
	return attestationFile(context, registration.sessionId, registration.id);
}
