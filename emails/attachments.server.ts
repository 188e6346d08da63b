import { attestationFileName, attestationsPdf, issuedPage } from "#app/exports/attestation.server.ts";
import type { Db } from "#db/client.server.ts";
import { findAttestations } from "#db/queries/attestations.server.ts";

export type Attachment = { filename: string; content: Buffer; contentType: string };

/** The files that an email brings, written as it leaves: the same ones each time. */
export async function writeAttachments(
	db: Db,
	attestationIds: string[],
	publicUrl: string,
): Promise<Attachment[]> {
	if (attestationIds.length === 0) return [];
	const attestations = await findAttestations(db, attestationIds);
	return Promise.all(
		attestations.map(async (attestation) => ({
			filename: attestationFileName(attestation),
			content: await attestationsPdf([issuedPage(attestation, publicUrl)]),
			contentType: "application/pdf",
		})),
	);
}
