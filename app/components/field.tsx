import type { InputHTMLAttributes, ReactNode } from "react";
import type { Dictionary } from "#app/i18n/fr.ts";

type FieldProps = {
	t: Pick<Dictionary, "optional">;
	name: string;
	/** Stands before the id where a page has several fields of one name. */
	idPrefix?: string;
	label: ReactNode;
	hint?: string;
	error?: string;
	value?: string;
	optional?: boolean;
	/** A word beside the label, such as that a translation is missing. */
	mark?: string;
	/** Rows of a text of several lines. */
	rows?: number;
	lang?: string;
} & Pick<
	InputHTMLAttributes<HTMLInputElement>,
	| "type"
	| "accept"
	| "autoComplete"
	| "inputMode"
	| "maxLength"
	| "min"
	| "max"
	| "step"
	| "spellCheck"
	| "autoFocus"
>;

/** Owns a field's label, hint, error and their wiring. The error's link in the summary leads to the input's id. */
export function Field({
	t,
	name,
	idPrefix = "",
	label,
	hint,
	error,
	value,
	optional,
	mark,
	rows,
	...input
}: FieldProps) {
	const id = idPrefix + name;
	const hintId = hint && `${id}-hint`;
	const errorId = error && `${id}-error`;
	const shared = {
		id,
		name,
		// A file that was chosen cannot be put back.
		defaultValue: input.type === "file" ? undefined : (value ?? ""),
		"aria-describedby": [errorId, hintId].filter(Boolean).join(" ") || undefined,
		"aria-invalid": error ? (true as const) : undefined,
	};
	return (
		<div className={error ? "field invalid" : "field"}>
			<label htmlFor={id}>
				{label} {optional && <span className="muted">{t.optional}</span>}
				{mark && <span className="tag warn">{mark}</span>}
			</label>
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
			{rows ? (
				<textarea
					rows={rows}
					maxLength={input.maxLength}
					lang={input.lang}
					autoComplete={input.autoComplete}
					{...shared}
				/>
			) : (
				<input type="text" {...input} {...shared} />
			)}
		</div>
	);
}

/** A box that is ticked or not, with its sentence beside it. */
export function Checkbox(props: {
	name: string;
	label: string;
	checked?: boolean;
	error?: string;
	hint?: string;
	/** Beside what matters more on its page. */
	small?: boolean;
}) {
	const { name, label, checked, error, hint, small } = props;
	const errorId = error && `${name}-error`;
	const hintId = hint && `${name}-hint`;
	return (
		<div className={error ? "field invalid" : "field"}>
			{error && (
				<p className="error" id={errorId}>
					{error}
				</p>
			)}
			<label className={small ? "check small" : "check"}>
				<input
					type="checkbox"
					id={name}
					name={name}
					value="yes"
					defaultChecked={checked}
					aria-describedby={[errorId, hintId].filter(Boolean).join(" ") || undefined}
					aria-invalid={error ? true : undefined}
				/>
				<span>{label}</span>
			</label>
			{hint && (
				<p className="hint" id={hintId}>
					{hint}
				</p>
			)}
		</div>
	);
}

/** One choice among a few that need no explanation. */
export function Select(props: {
	name: string;
	idPrefix?: string;
	label: string;
	value?: string;
	error?: string;
	options: { value: string; label: string }[];
}) {
	const { name, idPrefix = "", label, value, error, options } = props;
	const id = idPrefix + name;
	const errorId = error && `${id}-error`;
	return (
		<div className={error ? "field invalid" : "field"}>
			<label htmlFor={id}>{label}</label>
			{error && (
				<p className="error" id={errorId}>
					{error}
				</p>
			)}
			<select
				id={id}
				name={name}
				defaultValue={value}
				aria-describedby={errorId}
				aria-invalid={error ? true : undefined}
			>
				{options.map((option) => (
					<option key={option.value} value={option.value}>
						{option.label}
					</option>
				))}
			</select>
		</div>
	);
}
