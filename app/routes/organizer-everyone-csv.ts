import type { LoaderFunctionArgs } from "@remix-run/node";
import { csvAttachment, everyoneExport } from "#app/http/attendee-export.server.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";

export async function loader({ request, context }: LoaderFunctionArgs) {
	const organizer = await requireOrganizer(request, context);
	return csvAttachment(await everyoneExport(request, context, organizer), organizer.locale);
}
