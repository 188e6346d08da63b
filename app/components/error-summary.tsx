import type { Dictionary } from "#app/i18n/fr.ts";

/**
 * Stands above the h1 and takes the focus: each line is the same sentence as beside its field, and leads there.
 * An error without a field, such as a site too busy, is a plain line.
 */
export function ErrorSummary(props: {
	t: Pick<Dictionary, "summary">;
	errors: { field?: string; sentence: string }[];
}) {
	const { t, errors } = props;
	if (errors.length === 0) return null;
	return (
		<div className="summary" role="alert" tabIndex={-1} autoFocus aria-labelledby="summary-heading">
			<h2 id="summary-heading">{t.summary.heading}</h2>
			<ul>
				{errors.map(({ field, sentence }) => (
					<li key={`${field} ${sentence}`}>{field ? <a href={`#${field}`}>{sentence}</a> : sentence}</li>
				))}
			</ul>
		</div>
	);
}
