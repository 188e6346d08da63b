import { attestationFileName, attestationsPdf, issuedPage } from "#app/exports/attestation.server.ts";
import { type Db, isDatabaseUnavailable } from "#db/client.server.ts";
import { findAttestations } from "#db/queries/attestations.server.ts";

type Attachments =
	| { ok: true; files: { filename: string; content: Buffer; contentType: string }[] }
	| { ok: false; reason: "ended" }
	| { ok: false; reason: "unwritable"; error: string };

/**
 * The files that an email brings, written as it leaves: the same ones each time. One that has `ended` is sent to nobody again;
 * where one cannot be written the message waits, as it does for a mail server that is not ready, and holds back no other.
 */
export async function writeAttachments(
	db: Db,
	attestationIds: string[],
	publicUrl: string,
): Promise<Attachments> {
	if (attestationIds.length === 0) return { ok: true, files: [] };
	try {
		const attestations = await findAttestations(db, attestationIds);
		if (attestations.some(({ endedAt }) => endedAt)) return { ok: false, reason: "ended" };
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
		return { ok: false, reason: "unwritable", error: String(error) };
	}
}
