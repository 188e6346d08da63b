import type { Locale } from "#app/domain/locale.ts";
import { shownStatus } from "#app/domain/registration.ts";
import { localDateOf } from "#app/domain/time.server.ts";
import { slugOf, textIn } from "#app/domain/workshop.ts";
import { type AttendeeRow, columnsWith } from "#app/exports/attendee-columns.ts";
import { formatWhen } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { listExportedQuestions } from "#db/queries/questions.server.ts";
import { streamAttendees } from "#db/queries/registrations.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";
import { attendeeView } from "./attendee-view.ts";
import type { AppContext } from "./context.server.ts";
import { idParam } from "./params.ts";
import { notFound, privateHeaders } from "./responses.ts";

/**
 * The rows of the view that an address names, or of everyone when it names none, read as the file is. The file's name
 * has no ending. Throws a 404 when there is no such session.
 */
export async function attendeeExport(
	request: Request,
	context: AppContext,
	sessionId: string | undefined,
	locale: Locale,
) {
	const details = await findSessionDetails(context.db, idParam(sessionId));
	if (!details) throw notFound();
	const { session, workshop, meetings } = details;
	const search = new URL(request.url).searchParams;
	const view = attendeeView(search);
	const words = dictionary(locale).organizer.attendees;
	const list = view.tab && view.tab !== "confirmed" ? words.tabs[view.tab] : words.caption;
	const common = {
		workshop: textIn(workshop, "title", locale).text,
		session: formatWhen(meetings, locale, session.zone),
	};

	async function* rows(): AsyncGenerator<AttendeeRow> {
		const filter = { sessionId: session.id, tab: view.tab ?? ("all" as const), search: view.search };
		for await (const person of streamAttendees(context.db, filter)) {
			yield { ...person, ...common, status: shownStatus(person), registeredAt: person.createdAt };
		}
	}
	return {
		rows: rows(),
		columns: columnsWith(await listExportedQuestions(context.db, workshop.id)),
		zone: session.zone,
		fileName: `${slugOf(list)}-${localDateOf(session.startsAt, session.zone)}`,
		search,
	};
}

/** A list to be kept as a file. `fileName` is plain ASCII. */
export function attachment(body: ReadableStream<Uint8Array>, type: string, fileName: string): Response {
	return new Response(body, {
		headers: {
			"Content-Type": type,
			"Content-Disposition": `attachment; filename="${fileName}"`,
			...privateHeaders,
		},
	});
}
