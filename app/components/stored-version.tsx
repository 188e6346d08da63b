import type { FormValues } from "#app/forms/parse-form.ts";

/** After two people changed the same thing: what the other one saved, where it differs from what was typed. */
export function StoredVersion(props: {
	heading: string;
	typed: FormValues;
	stored: FormValues;
	fields: { name: string; label: string }[];
}) {
	const { heading, typed, stored, fields } = props;
	const same = (name: string) => plain(typed[name]) === plain(stored[name]);
	const different = fields.filter(({ name }) => !same(name));
	if (different.length === 0) return null;
	return (
		<section className="notice">
			<h2>{heading}</h2>
			<dl className="stored">
				{different.map(({ name, label }) => (
					<div key={name}>
						<dt className="small muted">{label}</dt>
						<dd>{stored[name] || "–"}</dd>
					</div>
				))}
			</dl>
		</section>
	);
}

/** Browsers send line ends as CR LF. */
function plain(text = ""): string {
	return text.replaceAll("\r\n", "\n").trim();
}
