import { attestationFileName, attestationsPdf, issuedPage } from "#app/exports/attestation.server.ts";
import { type Db, isDatabaseUnavailable } from "#db/client.server.ts";
import { findAttestations } from "#db/queries/attestations.server.ts";
import type { Delivery } from "./transport.server.ts";

export type Attachment = { filename: string; content: Buffer; contentType: string };

export type Attachments = { ok: true; files: Attachment[] } | { ok: false; delivery: Delivery };

/**
 * The files that an email brings, written as it leaves: the same ones each time. Where one cannot be written the message waits,
 * as it does for a mail server that is not ready, and holds back no other.
 */
export async function writeAttachments(
	db: Db,
	attestationIds: string[],
	publicUrl: string,
): Promise<Attachments> {
	if (attestationIds.length === 0) return { ok: true, files: [] };
	try {
		const attestations = await findAttestations(db, attestationIds);
		const files = await Promise.all(
			attestations.map(async (attestation) => ({
				filename: attestationFileName(attestation),
				content: await attestationsPdf([issuedPage(attestation, publicUrl)]),
				contentType: "application/pdf",
			})),
		);
		return { ok: true, files };
	} catch (error) {
		if (isDatabaseUnavailable(error)) throw error;
		return { ok: false, delivery: { outcome: "later", response: null, error: String(error) } };
	}
}
