import type { LoaderFunctionArgs } from "@remix-run/node";
import { attendeeXlsx } from "#app/exports/xlsx.server.ts";
import { attachment, attendeeExport } from "#app/http/attendee-export.server.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";

const workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** The list as an Excel workbook. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const { rows, columns, zone, fileName } = await attendeeExport(request, context, params.sessionId, locale);
	return attachment(attendeeXlsx(rows, { locale, zone, columns }), workbookType, `${fileName}.xlsx`);
}
