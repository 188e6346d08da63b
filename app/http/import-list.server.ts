import { guessColumns, hasHeadings } from "#app/domain/imported-list.ts";
import type { Question } from "#app/domain/question.ts";
import { seatsLeft } from "#app/domain/session.ts";
import { chosenColumns, columnsError, importForm, readLines, seenAs } from "#app/forms/import-form.ts";
import { formValues, parseForm } from "#app/forms/parse-form.ts";
import { type ReadProblem, readFile, readText, type Table } from "#app/imports/read-table.server.ts";
import { listQuestions } from "#db/queries/questions.server.ts";
import { listKnownPeople } from "#db/queries/registrations.server.ts";
import type { findSessionDetails } from "#db/queries/sessions.server.ts";
import type { Organizer } from "#db/schema.ts";
import type { AppContext } from "./context.server.ts";
import { refused } from "./responses.ts";

/** What a form with a file in it sent. Throws a 400 for what no browser sends. */
export async function readUpload(request: Request): Promise<FormData> {
	try {
		return await request.formData();
	} catch {
		throw refused(400);
	}
}

/** The list that the first step sent: the file, else what was pasted. */
export async function readSentList(
	form: FormData,
): Promise<{ ok: true; table: Table } | { ok: false; reason: ReadProblem | "nothing" }> {
	const file = form.get("file");
	if (file instanceof File && file.size > 0) return readFile(new Uint8Array(await file.arrayBuffer()));
	const pasted = form.get("pasted");
	if (typeof pasted === "string" && pasted.trim() !== "") return readText(pasted.replaceAll("\0", ""));
	return { ok: false, reason: "nothing" };
}

type Details = NonNullable<Awaited<ReturnType<typeof findSessionDetails>>>;

/** The preview of a list that has just been read, with its columns guessed. */
export async function firstPreview(context: AppContext, details: Details, table: Table, reader: Organizer) {
	const questions = await listQuestions(context.db, details.workshop.id);
	const headed = hasHeadings(table[0] ?? [], questions);
	const columns = guessColumns(table, headed, questions);
	const how = { columns, headed, locale: details.session.language };
	return preview(context, details, questions, reader, table, how);
}

/** The preview of a list that the form carries, read as the organizer chose; null when the form is not one of ours. */
export async function nextPreview(context: AppContext, details: Details, form: FormData, reader: Organizer) {
	const parsed = parseForm(importForm, form);
	if (!parsed.ok) return null;
	const { table, headed, locale, ...choices } = parsed.data;
	const questions = await listQuestions(context.db, details.workshop.id);
	const values = formValues(form);
	const wasHeaded = values.wasHeaded === "yes";
	const chosen = headed === wasHeaded ? chosenColumns(values, questions) : undefined;
	const columns = chosen ?? guessColumns(table, headed, questions);
	const how = { columns, headed, locale };
	return { ...(await preview(context, details, questions, reader, table, how)), choices };
}

async function preview(
	{ db }: AppContext,
	{ session }: Details,
	questions: Question[],
	reader: Organizer,
	table: Table,
	how: { columns: string[]; headed: boolean; locale: "fr" | "en" },
) {
	const known = await listKnownPeople(db, session.id);
	const lines = readLines(table, how, questions, known, reader.locale);
	const people = lines.flatMap(({ person }) => person ?? []);
	const left = seatsLeft(session);
	return {
		table,
		how,
		questions,
		lines,
		people,
		columnsError: columnsError(how.columns),
		seats: { left, over: Math.max(0, people.length - left) },
		seen: seenAs(how, people.length),
	};
}

export type ImportPreview = Awaited<ReturnType<typeof firstPreview>>;
