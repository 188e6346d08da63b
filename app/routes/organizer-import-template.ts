import type { LoaderFunctionArgs } from "@remix-run/node";
import { attendeeColumns, columnsWith } from "#app/exports/attendee-columns.ts";
import { csvAttachment, xlsxAttachment } from "#app/http/attendee-export.server.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam } from "#app/http/params.ts";
import { notFound } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { listQuestions } from "#db/queries/questions.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";

const asked = ["name", "email", "organization", "phone", "language", "note"];

/** An empty list with the headings that an import knows, the workshop's questions included. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const details = await findSessionDetails(context.db, idParam(params.sessionId));
	const [, ending] = /^[a-z]+\.(csv|xlsx)$/.exec(params.file ?? "") ?? [];
	if (!details || !ending) throw notFound();
	const questions = columnsWith(await listQuestions(context.db, details.workshop.id)).slice(
		attendeeColumns.length,
	);
	const list = {
		batches: nobody(),
		columns: [...attendeeColumns.filter(({ key }) => asked.includes(key)), ...questions],
		zone: details.session.zone,
		fileName: dictionary(locale).organizer.importList.templateFile,
		search: new URL(request.url).searchParams,
	};
	return ending === "csv" ? csvAttachment(list, locale) : xlsxAttachment(list, locale);
}

async function* nobody(): AsyncGenerator<never> {}
