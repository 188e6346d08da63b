import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam } from "#app/http/params.ts";
import { notFound } from "#app/http/responses.ts";
import { paths } from "#app/paths.ts";
import { stopDeed } from "#app/use-cases/chosen-deeds.server.ts";

/** Only a button of the list leads here. */
export async function loader({ request, context }: LoaderFunctionArgs) {
	await requireOrganizer(request, context);
	return redirect(paths.organizer.home());
}

/** Stops what was to be done to several people; the list then says so, or that it was too late. */
export async function action({ request, params, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context);
	const id = idParam(params.deedId);
	const result = await stopDeed(context.db, id, organizer.id, new Date());
	if (!result.ok && result.reason === "unknown") throw notFound();
	return redirect(paths.organizer.session(result.sessionId, id), 303);
}
