import {
	type AttestationPage,
	attestationFileName,
	attestationsPdf,
	issuedPage,
} from "#app/exports/attestation.server.ts";
import { type Draft, draftAttestation } from "#app/use-cases/issue-attestation.server.ts";
import { findInForce, listParticipants, type Participant } from "#db/queries/attestations.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import type { SessionDetails } from "#db/queries/sessions.server.ts";
import type { Attestation } from "#db/schema.ts";
import type { AppContext } from "./context.server.ts";
import { notFound, privateHeaders } from "./responses.ts";

export type ListedParticipant = { person: Participant; draft: Draft; inForce: Attestation | undefined };

/** A page of the people of a session: what the attestation of each would say, and the one that is in force. */
export async function listDrafts(
	{ db }: AppContext,
	details: SessionDetails,
	page: number,
): Promise<{ listed: ListedParticipant[]; more: boolean }> {
	const { id: sessionId } = details.session;
	const [firm, { people, more }] = await Promise.all([findFirm(db), listParticipants(db, sessionId, page)]);
	const ids = people.map(({ id }) => id);
	const inForce = await findInForce(db, sessionId, ids);
	const listed = people.map((person) => ({
		person,
		draft: draftAttestation(person, details, firm),
		inForce: inForce.get(person.id),
	}));
	return { listed, more };
}

/** The attestation that somebody holds of a session, as a file. Throws a 404 where there is none in force. */
export async function attestationFile(
	{ db, config }: AppContext,
	sessionId: string,
	registrationId: string,
): Promise<Response> {
	const attestation = (await findInForce(db, sessionId, [registrationId])).get(registrationId);
	if (!attestation) throw notFound();
	return pdfFile([issuedPage(attestation, config.publicUrl)], attestationFileName(attestation));
}

/** A PDF to open or to keep; the name may be in any script (RFC 6266 §4.3, RFC 8187 §3.2). */
export async function pdfFile(pages: AttestationPage[], fileName: string): Promise<Response> {
	const encoded = encodeURIComponent(fileName).replaceAll(
		/['()*]/g,
		(sign) => `%${sign.charCodeAt(0).toString(16)}`,
	);
	return new Response(new Uint8Array(await attestationsPdf(pages)), {
		headers: {
			"Content-Type": "application/pdf",
			"Content-Disposition": `inline; filename*=UTF-8''${encoded}`,
			...privateHeaders,
		},
	});
}
