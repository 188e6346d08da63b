import type { LoaderFunctionArgs } from "@remix-run/node";
import { editableKind } from "#app/domain/email-texts.ts";
import { findGallery } from "#app/http/gallery.server.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { notFound, privateHeaders } from "#app/http/responses.ts";
import { shownEmail } from "#app/http/shown-email.server.ts";

/** An email with the words it has now, made from a real place, for the frame that shows it. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const kind = editableKind(params.kind);
	if (!kind) throw notFound();
	const { html, text } = (await findGallery(context, params.locale === "en" ? "en" : "fr"))[kind]!;
	return new Response(shownEmail({ html, text, calendar: null }, locale).html, {
		headers: { "Content-Type": "text/html; charset=utf-8", ...privateHeaders },
	});
}
