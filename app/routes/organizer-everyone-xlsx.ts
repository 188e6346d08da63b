import type { LoaderFunctionArgs } from "@remix-run/node";
import { everyoneExport, xlsxAttachment } from "#app/http/attendee-export.server.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";

export async function loader({ request, context }: LoaderFunctionArgs) {
	const organizer = await requireOrganizer(request, context);
	return xlsxAttachment(await everyoneExport(request, context, organizer), organizer.locale);
}
