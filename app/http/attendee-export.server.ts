import type { Locale } from "#app/domain/locale.ts";
import { shownStatus } from "#app/domain/registration.ts";
import { homeZone } from "#app/domain/session.ts";
import { localDateOf } from "#app/domain/time.server.ts";
import { slugOf, textIn } from "#app/domain/workshop.ts";
import { type AttendeeRow, chosenColumns, columnsWith } from "#app/exports/attendee-columns.ts";
import { attendeeCsv } from "#app/exports/csv.server.ts";
import { attendeeXlsx } from "#app/exports/xlsx.server.ts";
import { formatWhen } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { hasAttendance } from "#db/queries/attendance.server.ts";
import { type ExportedPerson, streamAttendees } from "#db/queries/attendees.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { hasPrices } from "#db/queries/invoices.server.ts";
import { listExportedQuestions } from "#db/queries/questions.server.ts";
import { findSessionDetails, listSessionsWithPeople } from "#db/queries/sessions.server.ts";
import type { Organizer } from "#db/schema.ts";
import { attendeeView, chosenIds, everyoneView } from "./attendee-view.ts";
import type { AppContext } from "./context.server.ts";
import { idParam } from "./params.ts";
import { attachment, notFound } from "./responses.ts";

/**
 * The rows of the view that an address names, or of everyone when it names none, read as the file is. The file's name
 * has no ending. Throws a 404 when there is no such session.
 */
export async function attendeeExport(
	request: Request,
	context: AppContext,
	sessionId: string | undefined,
	reader: Organizer,
) {
	const { locale } = reader;
	const { db } = context;
	const details = await findSessionDetails(db, idParam(sessionId));
	if (!details) throw notFound();
	const { session, workshop, meetings } = details;
	const search = new URL(request.url).searchParams;
	const view = attendeeView(search);
	const chosen = chosenIds(search);
	const words = dictionary(locale).organizer.attendees;
	const list = view.tab && view.tab !== "confirmed" ? words.tabs[view.tab] : words.caption;
	const common = {
		workshop: textIn(workshop, "title", locale).text,
		session: formatWhen(meetings, locale, session.zone),
	};
	const questions = await listExportedQuestions(db, workshop.id);
	const priced = session.priceCents > 0 || (await hasPrices(db, session.id));
	const wanted = {
		answers: questions.length > 0,
		attended: await hasAttendance(db, session.id),
		invoices: priced ? await findFirm(db) : null,
	};

	async function* batches(): AsyncGenerator<AttendeeRow[]> {
		const filter = {
			...view,
			sessionId: session.id,
			tab: view.tab ?? ("all" as const),
			ids: chosen.length > 0 ? chosen : undefined,
		};
		for await (const people of streamAttendees(db, filter, wanted)) {
			yield people.map((person) => exportedRow(person, common));
		}
	}
	return {
		batches: batches(),
		columns: chosenColumns(columnsWith(questions, priced), reader.exportColumns),
		zone: session.zone,
		fileName: `${slugOf(list)}-${localDateOf(session.startsAt, session.zone)}`,
		search,
	};
}

/**
 * The rows of every session, or of one workshop's, that a search finds: session after session in date order, so that
 * little of it is in memory at once.
 */
export async function everyoneExport(request: Request, context: AppContext, reader: Organizer) {
	const { db } = context;
	const search = new URL(request.url).searchParams;
	const asked = everyoneView(search);
	const sessions = await listSessionsWithPeople(db, asked.workshopId);
	const firm = await findFirm(db);
	const questions = asked.workshopId ? await listExportedQuestions(db, asked.workshopId) : [];

	async function* batches(): AsyncGenerator<AttendeeRow[]> {
		for (const sessionId of sessions) {
			const details = await findSessionDetails(db, sessionId);
			if (!details) continue;
			const { session, workshop, meetings } = details;
			const common = {
				workshop: textIn(workshop, "title", reader.locale).text,
				session: formatWhen(meetings, reader.locale, session.zone),
			};
			const filter = { sessionId, tab: "all" as const, search: asked.search, byWord: true };
			const wanted = {
				answers: questions.length > 0,
				attended: await hasAttendance(db, sessionId),
				invoices: session.priceCents > 0 || (await hasPrices(db, sessionId)) ? firm : null,
			};
			for await (const people of streamAttendees(db, filter, wanted)) {
				yield people.map((person) => exportedRow(person, common));
			}
		}
	}
	return {
		batches: batches(),
		columns: chosenColumns(columnsWith(questions), reader.exportColumns),
		zone: homeZone,
		fileName: slugOf(dictionary(reader.locale).organizer.everyone.title),
		search,
	};
}

/** Each property by name: a person who is spread, or who is given more properties, takes six times the memory in V8. */
function exportedRow(
	person: ExportedPerson,
	{ workshop, session }: Pick<AttendeeRow, "workshop" | "session">,
): AttendeeRow {
	return {
		reference: person.reference,
		position: person.position,
		name: person.name,
		email: person.email,
		organization: person.organization,
		phone: person.phone,
		locale: person.locale,
		status: shownStatus(person),
		registeredAt: person.createdAt,
		cancelledAt: person.cancelledAt,
		contactName: person.contactName,
		contactEmail: person.contactEmail,
		workshop,
		session,
		note: person.note,
		attended: person.attended,
		invoice: person.invoice,
		answers: person.answers,
	};
}

type Export = Awaited<ReturnType<typeof attendeeExport>>;

/** As CSV; `?sep=` chooses the separator where the reader's Excel expects another one. */
export function csvAttachment(
	{ batches, columns, zone, fileName, search }: Export,
	locale: Locale,
): Response {
	const asked = search.get("sep");
	const separator = asked === "," || asked === ";" ? asked : undefined;
	return attachment(
		attendeeCsv(batches, { locale, zone, columns, separator }),
		"text/csv; charset=utf-8",
		`${fileName}.csv`,
	);
}

const workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** As an Excel workbook. */
export function xlsxAttachment({ batches, columns, zone, fileName }: Export, locale: Locale): Response {
	return attachment(attendeeXlsx(batches, { locale, zone, columns }), workbookType, `${fileName}.xlsx`);
}
