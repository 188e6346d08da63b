import type { ReactNode } from "react";

/** What a person keeps, in one quiet box: label and value, and what can be done with it below the dashed line. */
export function Ticket(props: {
	rows: { label: string; value: ReactNode }[];
	/** What comes before them. */
	head?: ReactNode;
	children?: ReactNode;
}) {
	return (
		<section className="ticket">
			{props.head}
			<dl>
				{props.rows.map(({ label, value }) => (
					<div key={label}>
						<dt>{label}</dt>
						<dd>{value}</dd>
					</div>
				))}
			</dl>
			{props.children && <footer>{props.children}</footer>}
		</section>
	);
}
