import { type Locale, locales } from "#app/domain/locale.ts";
import type { FormValues } from "#app/forms/parse-form.ts";
import { shownColleagues } from "#app/forms/register-form.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { Checkbox, Field, Select } from "./field.tsx";

/**
 * « Inscrire aussi des collègues »: a row for each, and a list to paste that becomes rows before anything is sent. The
 * buttons send the form to be shown again, so that it works without JavaScript.
 */
export function ColleagueRows(props: {
	locale: Locale;
	values: FormValues;
	/** The sentence of a field in error. */
	sentence(name: string): string | undefined;
	pasted: number | null;
}) {
	const { locale, values, sentence, pasted } = props;
	const t = dictionary(locale);
	const words = t.register.colleagues;
	const rows = shownColleagues(values);
	const { intent } = values;
	const used =
		intent === "add" ||
		"absent" in values ||
		Boolean(values.list) ||
		rows.length > 1 ||
		sentence("list") ||
		sentence("name2");
	return (
		<details className="colleagues" open={Boolean(used) || pasted !== null}>
			<summary>{words.open}</summary>
			<div className="stack">
				<p className="muted small">{words.lede}</p>
				{pasted !== null && intent === "paste" && (
					<p className="notice ok" role="status" tabIndex={-1} autoFocus>
						{words.pasted(pasted)}
					</p>
				)}
				{rows.map((n) => (
					<fieldset key={n} className="person">
						<legend className="legend">{words.person(n)}</legend>
						<Field
							t={t}
							name={`name${n}`}
							label={words.name}
							autoComplete="off"
							// The page that answers a button begins at its top, far above what was added.
							autoFocus={intent === "add" && n === rows.at(-1)}
							value={values[`name${n}`]}
							error={sentence(`name${n}`)}
						/>
						<Field
							t={t}
							name={`email${n}`}
							label={words.email}
							optional
							hint={n === 2 ? words.emailHint : undefined}
							type="email"
							autoComplete="off"
							spellCheck={false}
							value={values[`email${n}`]}
							error={sentence(`email${n}`)}
						/>
						<Select
							name={`locale${n}`}
							label={words.locale}
							value={values[`locale${n}`] ?? locale}
							options={locales.map((value) => ({ value, label: t.languageName[value] }))}
						/>
					</fieldset>
				))}
				<button type="submit" className="button plain small" name="intent" value="add">
					{words.add}
				</button>
				<details open={Boolean(values.list) || Boolean(sentence("list"))}>
					<summary>{words.paste}</summary>
					<div className="stack">
						<Field
							t={t}
							name="list"
							label={words.list}
							hint={words.pasteHint}
							rows={6}
							value={values.list}
							error={sentence("list")}
						/>
						<button type="submit" className="button plain small" name="intent" value="paste">
							{words.pasteGo}
						</button>
					</div>
				</details>
				<Checkbox name="absent" label={words.absent} checked={"absent" in values} />
			</div>
		</details>
	);
}
