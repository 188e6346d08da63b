import type { LoaderFunctionArgs } from "@remix-run/node";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam } from "#app/http/params.ts";
import { notFound, privateHeaders } from "#app/http/responses.ts";
import { shownEmail } from "#app/http/shown-email.server.ts";
import { findEmail } from "#db/queries/emails.server.ts";

/** A stored email's HTML, for the frame that shows it. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const email = await findEmail(context.db, idParam(params.emailId));
	if (!email) throw notFound();
	return new Response(shownEmail(email, locale).html, {
		headers: { "Content-Type": "text/html; charset=utf-8", ...privateHeaders },
	});
}
