import type { ReactNode } from "react";

/** A text to copy elsewhere as it stands. `unseen`: a heading says what it is already. `children` are what is done with it. */
export function CodeToCopy(props: {
	id: string;
	label: string;
	unseen?: boolean;
	hint: string;
	rows: number;
	text: string;
	children?: ReactNode;
}) {
	const { id, label, unseen, hint, rows, text, children } = props;
	return (
		<div className="field">
			<label className={unseen ? "unseen" : undefined} htmlFor={id}>
				{label}
			</label>
			<p className="hint" id={`${id}-hint`}>
				{hint}
			</p>
			<textarea
				id={id}
				rows={rows}
				readOnly
				value={text}
				spellCheck={false}
				aria-describedby={`${id}-hint`}
			/>
			{children && <p className="actions close">{children}</p>}
		</div>
	);
}
