/** One choice among a few, as radios under a question. The error's link in the summary leads to the group. */
export function Choices(props: {
	name: string;
	legend: string;
	hint?: string;
	error?: string;
	checked?: string;
	options: { value: string; label: string; note?: string }[];
}) {
	const { name, legend, hint, error, checked, options } = props;
	const hintId = hint && `${name}-hint`;
	const errorId = error && `${name}-error`;
	const about = [errorId, hintId].filter(Boolean).join(" ") || undefined;
	return (
		<fieldset id={name} tabIndex={-1} aria-describedby={about}>
			<legend className="legend">{legend}</legend>
			{hint && (
				<p className="hint" id={hintId}>
					{hint}
				</p>
			)}
			{error && (
				<p className="error" id={errorId}>
					{error}
				</p>
			)}
			<div className="choices">
				{options.map(({ value, label, note }) => (
					<label key={value} className="choice">
						<input type="radio" name={name} value={value} defaultChecked={value === checked} />
						<span>
							{label}
							{note && <small>{note}</small>}
						</span>
					</label>
				))}
			</div>
		</fieldset>
	);
}
