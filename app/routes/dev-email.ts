import type { LoaderFunctionArgs } from "@remix-run/node";
import { findGallery } from "#app/http/gallery.server.ts";
import { notFound } from "#app/http/responses.ts";

/** One email of the gallery, for the frame that shows it. */
export async function loader({ params, context }: LoaderFunctionArgs) {
	if (context.config.production) throw notFound();
	const emails = await findGallery(context, params.locale === "en" ? "en" : "fr");
	const email = emails[params.name ?? ""];
	if (!email) throw notFound();
	return new Response(email.html, { headers: { "Content-Type": "text/html; charset=utf-8" } });
}
