import type { Locale } from "#app/domain/locale.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { Field } from "./field.tsx";
import { SubmitButton } from "./submit-button.tsx";

/** The first step of an import: a file, or cells copied from one. */
export function ImportChoice(props: {
	locale: Locale;
	sessionId: string;
	problem?: string;
	pasted?: string;
}) {
	const { locale, sessionId, problem, pasted } = props;
	const t = dictionary(locale);
	const words = t.organizer.importList;
	return (
		<>
			<p className="lede">{words.lede}</p>
			<form className="stack section medium" method="post" encType="multipart/form-data">
				<Field
					t={t}
					name="file"
					label={words.file}
					hint={words.fileHint}
					error={problem}
					type="file"
					accept=".csv,.txt,.tsv,.xlsx"
				/>
				<Field t={t} name="pasted" label={words.paste} hint={words.pasteHint} rows={6} value={pasted} />
				<SubmitButton label={words.read} name="intent" value="read" />
				<p className="also small">
					<span className="muted row-link">{words.templates}</span>
					{(["xlsx", "csv"] as const).map((ending) => (
						<a
							key={ending}
							href={paths.organizer.importTemplate(sessionId, `${words.templateFile}.${ending}`)}
						>
							{words.template[ending]}
						</a>
					))}
				</p>
			</form>
		</>
	);
}
