import type { LoaderFunctionArgs } from "@remix-run/node";
import { issuedPage } from "#app/exports/attestation.server.ts";
import { listDrafts, pdfFile } from "#app/http/attestations.server.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam, pageParam } from "#app/http/params.ts";
import { notFound } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";

/** The attestations in force of a page of a session's people; with `?apercu`, what each would say if it were issued now. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const details = await findSessionDetails(context.db, idParam(params.sessionId));
	if (!details) throw notFound();
	const { searchParams } = new URL(request.url);
	const { listed } = await listDrafts(context, details, pageParam(searchParams));
	const pages = searchParams.has("apercu")
		? listed.flatMap(({ draft }) => (draft.ok ? [{ text: draft.text, issued: null }] : []))
		: listed.flatMap(({ inForce }) => (inForce ? [issuedPage(inForce, context.config.publicUrl)] : []));
	if (pages.length === 0) throw notFound();
	return pdfFile(pages, `${dictionary(locale).organizer.attestations.title}.pdf`);
}
