import type { LoaderFunctionArgs } from "@remix-run/node";
import { attendeeCsv } from "#app/exports/csv.server.ts";
import { attachment, attendeeExport } from "#app/http/attendee-export.server.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";

/** The list as CSV; `?sep=` chooses the separator where the reader's Excel expects another one. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const { rows, columns, zone, fileName, search } = await attendeeExport(
		request,
		context,
		params.sessionId,
		locale,
	);
	const asked = search.get("sep");
	const separator = asked === "," || asked === ";" ? asked : undefined;
	return attachment(
		attendeeCsv(rows, { locale, zone, columns, separator }),
		"text/csv; charset=utf-8",
		`${fileName}.csv`,
	);
}
