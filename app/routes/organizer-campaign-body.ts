import type { LoaderFunctionArgs } from "@remix-run/node";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam } from "#app/http/params.ts";
import { notFound, privateHeaders } from "#app/http/responses.ts";
import { shownEmail } from "#app/http/shown-email.server.ts";
import { findCampaignFacts } from "#app/use-cases/write-campaign.server.ts";
import { campaignBody } from "#emails/templates/campaign.tsx";

/** A message to many as its first reader will get it, for the frame that shows it. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const organizer = await requireOrganizer(request, context);
	const found = await findCampaignFacts(context.db, context.origin, idParam(params.campaignId));
	if (!found || (params.locale !== "fr" && params.locale !== "en")) throw notFound();
	const name = found.reader?.name || organizer.name;
	const body = campaignBody(found.facts, { name, locale: params.locale });
	return new Response(shownEmail({ ...body, calendar: null }, organizer.locale).html, {
		headers: { "Content-Type": "text/html; charset=utf-8", ...privateHeaders },
	});
}
