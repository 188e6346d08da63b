import { importFields } from "#app/domain/imported-list.ts";
import { type Locale, locales } from "#app/domain/locale.ts";
import { labelIn } from "#app/domain/question.ts";
import type { ImportLine, ImportProblem } from "#app/forms/import-form.ts";
import type { ImportPreview as Preview } from "#app/http/import-list.server.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import type { SessionRow } from "#db/schema.ts";
import { Choices } from "./choices.tsx";
import { Checkbox, Select } from "./field.tsx";
import { SubmitButton } from "./submit-button.tsx";

type Shown = Omit<Preview, "lines" | "people"> & {
	key: string;
	counts: { lines: number; people: number; wrong: number };
	wrong: ImportLine[];
	right: ImportLine[];
};

/** What a list would do, before it does: its columns, its lines to correct, who would have a seat. */
export function ImportPreview(props: {
	locale: Locale;
	session: Pick<SessionRow, "id" | "capacity" | "seatsTaken" | "waitlistMode">;
	preview: Shown;
	/** What was ticked before, when the list was not imported. */
	chosen?: { whenFull?: "wait" | "exceed"; leaveOut: boolean };
	/** Whether there is still something to confirm to people. */
	mayTell: boolean;
}) {
	const { locale, session, preview, chosen, mayTell } = props;
	const { table, how, counts, seats, columnsError } = preview;
	const words = dictionary(locale).organizer.importList;
	const fieldName = namesOfFields(locale, preview);
	const columnProblem =
		columnsError &&
		(columnsError.reason === "noName"
			? words.errors.noName
			: words.errors.repeated(fieldName(columnsError.field)));
	const { people, wrong } = counts;
	const ready = people > 0 && !columnsError;
	return (
		<form method="post" encType="multipart/form-data">
			<input type="hidden" name="table" value={JSON.stringify(table)} />
			<input type="hidden" name="key" value={preview.key} />
			<input type="hidden" name="seen" value={preview.seen} />
			<input type="hidden" name="wasHeaded" value={how.headed ? "yes" : ""} />
			<p className="lede">
				{[words.lines(counts.lines), words.ready(people), wrong > 0 && words.wrong(wrong)]
					.filter(Boolean)
					.join(" · ")}
			</p>
			<p className="also">
				<a href={paths.organizer.importList(session.id)}>{words.other}</a>
			</p>
			<Columns locale={locale} preview={preview} problem={columnProblem ?? undefined} />
			{!columnsError && wrong > 0 && (
				<section className="section">
					<h2>{words.wrong(wrong)}</h2>
					<p className="muted">{words.wrongHint}</p>
					<Lines
						locale={locale}
						caption={words.wrong(wrong)}
						lines={preview.wrong}
						total={wrong}
						fieldName={fieldName}
					/>
				</section>
			)}
			{ready && (
				<section className="section">
					<h2>{words.ready(people)}</h2>
					<Lines
						locale={locale}
						caption={words.ready(people)}
						lines={preview.right}
						total={people}
						fieldName={fieldName}
						waitsFrom={seats.over > 0 ? seats.left : undefined}
					/>
				</section>
			)}
			{ready && (
				<div className="stack section medium">
					{seats.over === 0 ? (
						<p>{words.seats.fit(people)}</p>
					) : (
						<Choices
							name="whenFull"
							legend={words.whenFull}
							hint={words.seats.short(seats.left, seats.over)}
							checked={chosen?.whenFull}
							options={[
								...(session.waitlistMode === "none"
									? []
									: [{ value: "wait", label: words.wait(seats.over) }]),
								{ value: "exceed", label: words.exceed(session.capacity, session.seatsTaken + people) },
							]}
						/>
					)}
					{wrong > 0 && <Checkbox name="leaveOut" label={words.leaveOut(wrong)} checked={chosen?.leaveOut} />}
					{mayTell && <p className="muted">{words.tellHint}</p>}
					<p className="actions">
						{mayTell && <SubmitButton label={words.tell(people)} name="intent" value="tell" />}
						<SubmitButton label={words.quietly(people)} name="intent" value="quietly" plain={mayTell} />
					</p>
				</div>
			)}
		</form>
	);
}

/** What each column is taken for, beside what is in it. */
function Columns({ locale, preview, problem }: { locale: Locale; preview: Shown; problem?: string }) {
	const { how, table, questions } = preview;
	const t = dictionary(locale);
	const words = t.organizer.importList;
	const options = [
		{ value: "", label: words.ignored },
		...importFields.map((field) => ({ value: field, label: words.fields[field] })),
		...questions.map((question) => ({ value: question.id, label: labelIn(question, locale).text })),
	];
	const [headings = []] = how.headed ? table : [];
	const body = how.headed ? table.slice(1) : table;
	return (
		<fieldset className="section" aria-describedby={problem && "columns-error"}>
			<legend className="legend large">{words.columns}</legend>
			<p className="muted">{words.columnsHint}</p>
			{problem && (
				<p className="error" id="columns-error" role="alert">
					{problem}
				</p>
			)}
			<div className="matching">
				{how.columns.map((field, at) => (
					<div key={at}>
						<Select
							name={`column${at}`}
							label={headings[at]?.trim() || words.column(at + 1)}
							value={field}
							options={options}
						/>
						<span className="under">{exampleIn(body, at)}</span>
					</div>
				))}
			</div>
			<div className="pair">
				<Select
					name="locale"
					label={words.defaultLocale}
					value={how.locale}
					options={locales.map((one) => ({ value: one, label: t.languageName[one] }))}
				/>
			</div>
			<Checkbox name="headed" label={words.headed} checked={how.headed} />
			<SubmitButton label={words.again} name="intent" value="preview" plain />
		</fieldset>
	);
}

function exampleIn(rows: string[][], at: number): string {
	const found = rows.find((row) => row[at]?.trim())?.[at]?.trim() ?? "";
	return found.length > 60 ? `${found.slice(0, 59)}…` : found;
}

function Lines(props: {
	locale: Locale;
	caption: string;
	lines: ImportLine[];
	total: number;
	fieldName(field: string): string;
	/** How many of them have a seat; the others wait, or go over the capacity. */
	waitsFrom?: number;
}) {
	const { locale, caption, lines, total, fieldName } = props;
	const t = dictionary(locale);
	const { importList: words } = t.organizer;
	const sentence = (problem: ImportProblem) =>
		words.problem(
			fieldName(problem.field),
			problem.reason === "twice" ? words.repeats(problem.row) : words.problems[problem.reason],
		);
	return (
		<>
			<table>
				<caption>{caption}</caption>
				<thead>
					<tr>
						<th scope="col">{words.line}</th>
						<th scope="col">{words.fields.name}</th>
						<th scope="col">{words.fields.email}</th>
						<th scope="col">{words.outcome}</th>
					</tr>
				</thead>
				<tbody>
					{lines.map((line, index) => (
						<tr key={line.row}>
							<td className="num" data-label={words.line}>
								{line.row}
							</td>
							<th scope="row">
								{line.name}
								{line.person?.organization && <span className="under">{line.person.organization}</span>}
							</th>
							<td>{line.email || null}</td>
							<td>
								{line.problems.map((problem) => (
									<span key={problem.field} className="error">
										{sentence(problem)}
									</span>
								))}
								{line.person && (
									<>
										{index >= (props.waitsFrom ?? total) ? words.short : t.statusWord.confirmed}
										<span className="under">{t.languageName[line.locale]}</span>
									</>
								)}
							</td>
						</tr>
					))}
				</tbody>
			</table>
			{total > lines.length && <p className="muted">{words.more(total - lines.length)}</p>}
		</>
	);
}

function namesOfFields(locale: Locale, { questions }: Shown) {
	const { fields } = dictionary(locale).organizer.importList;
	const names: Record<string, string> = fields;
	return (field: string): string => {
		const question = questions.find(({ id }) => id === field);
		return question ? labelIn(question, locale).text : (names[field] ?? field);
	};
}
