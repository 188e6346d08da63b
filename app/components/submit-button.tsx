/** Sends the form. While it is on its way the label changes, and a second click does nothing. */
export function SubmitButton(props: {
	label: string;
	pending?: string;
	block?: boolean;
	plain?: boolean;
	danger?: boolean;
	name?: string;
	value?: string;
}) {
	const { label, pending, block, plain, danger, name, value } = props;
	const look = ["button", block && "block", plain && "plain", danger && "danger"].filter(Boolean).join(" ");
	return (
		<button type="submit" className={look} name={name} value={value} data-pending={pending}>
			{label}
		</button>
	);
}
