import type { LoaderFunctionArgs } from "@remix-run/node";
import { editableKind, emailTextKey } from "#app/domain/email-texts.ts";
import { emailTextForm } from "#app/forms/email-text-form.ts";
import { parseForm } from "#app/forms/parse-form.ts";
import { findGallery } from "#app/http/gallery.server.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { notFound, privateHeaders } from "#app/http/responses.ts";
import { shownEmail } from "#app/http/shown-email.server.ts";

/** An email with the words it has now, made from a real place, for the frame that shows it. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const kind = editableKind(params.kind);
	if (!kind) throw notFound();
	const lang = params.locale === "en" ? "en" : "fr";
	// What was typed and not saved yet, if the address says so.
	const typed = parseForm(emailTextForm(kind), new URL(request.url).searchParams);
	const emailTexts = typed.ok ? { [emailTextKey(kind, lang)]: typed.data } : undefined;
	const { html, text } = (await findGallery(context, lang, emailTexts))[kind]!;
	return new Response(shownEmail({ html, text, calendar: null }, locale).html, {
		headers: { "Content-Type": "text/html; charset=utf-8", ...privateHeaders },
	});
}
