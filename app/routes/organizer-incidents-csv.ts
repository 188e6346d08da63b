import type { LoaderFunctionArgs } from "@remix-run/node";
import { incidentFields } from "#app/domain/incident.ts";
import { homeZone } from "#app/domain/session.ts";
import { localDateOf } from "#app/domain/time.server.ts";
import { slugOf } from "#app/domain/workshop.ts";
import { csvOf } from "#app/exports/csv.server.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { attachment } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { listIncidents } from "#db/queries/incidents.server.ts";

/** The register for a spreadsheet: an incident a row. */
export async function loader({ request, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context, "owner");
	const words = dictionary(locale).organizer.incidents;
	const incidents = await listIncidents(context.db);
	const rows = incidents.map((incident) =>
		incidentFields.map((name) => (name === "risk" ? words.risks[incident.risk] : (incident[name] ?? ""))),
	);
	const headings = incidentFields.map((name) => words.fields[name]);
	const fileName = `${slugOf(words.heading)}-${localDateOf(new Date(), homeZone)}.csv`;
	return attachment(csvOf([headings, ...rows], locale), "text/csv; charset=utf-8", fileName);
}
