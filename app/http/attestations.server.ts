import type { AttestationPage } from "#app/exports/attestation.server.ts";
import { attestationFileName, attestationsPdf, issuedPage } from "#app/exports/attestation.server.ts";
import { type Draft, draftAttestation } from "#app/use-cases/issue-attestation.server.ts";
import { findInForce, listParticipants, type Participant } from "#db/queries/attestations.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import type { SessionDetails } from "#db/queries/sessions.server.ts";
import type { Attestation } from "#db/schema.ts";
import type { AppContext } from "./context.server.ts";
import { notFound, privateHeaders } from "./responses.ts";

export type ListedParticipant = { person: Participant; draft: Draft; inForce: Attestation | undefined };

/** A page of the people who have a seat in a session: what the attestation of each would say, and the one that is in force. */
export async function listDrafts(
	{ db }: AppContext,
	details: SessionDetails,
	page: number,
): Promise<{ listed: ListedParticipant[]; more: boolean }> {
	const [firm, { people, more }] = await Promise.all([
		findFirm(db),
		listParticipants(db, details.session.id, page),
	]);
	const inForce = await findInForce(
		db,
		people.map(({ id }) => id),
	);
	const listed = people.map((person) => ({
		person,
		draft: draftAttestation(person, details, firm),
		inForce: inForce.get(person.id),
	}));
	return { listed, more };
}

/** The attestation that somebody holds, as a file. Throws a 404 where there is none in force. */
export async function attestationFile({ db, config }: AppContext, registrationId: string): Promise<Response> {
	const attestation = (await findInForce(db, [registrationId])).get(registrationId);
	if (!attestation) throw notFound();
	return pdfFile([issuedPage(attestation, config.publicUrl)], attestationFileName(attestation));
}

/** A PDF to open or to keep; the name may be in any script (RFC 6266 §4.3). */
export async function pdfFile(pages: AttestationPage[], fileName: string): Promise<Response> {
	return new Response(new Uint8Array(await attestationsPdf(pages)), {
		headers: {
			"Content-Type": "application/pdf",
			"Content-Disposition": `inline; filename*=UTF-8''${encodeURIComponent(fileName).replaceAll("'", "%27")}`,
			...privateHeaders,
		},
	});
}
