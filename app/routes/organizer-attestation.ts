import type { LoaderFunctionArgs } from "@remix-run/node";
import { attestationFile } from "#app/http/attestations.server.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { findPlaceAsked } from "#app/http/organizer-place.server.ts";
import { paths } from "#app/paths.ts";

/** Somebody's attestation, to print or to hand over. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
	await requireOrganizer(request, context);
	const person = await findPlaceAsked(context, params, paths.organizer.attestation);
	return attestationFile(context, person.id);
}
