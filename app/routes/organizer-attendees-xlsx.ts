import type { LoaderFunctionArgs } from "@remix-run/node";
import { attendeeExport, xlsxAttachment } from "#app/http/attendee-export.server.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const organizer = await requireOrganizer(request, context);
	return xlsxAttachment(
		await attendeeExport(request, context, params.sessionId, organizer),
		organizer.locale,
	);
}
