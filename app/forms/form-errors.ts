/**
 * The sentences of a refused form: one per field, and all of them in the order of the page for the summary. `form` is
 * what belongs to no field.
 */
export function formErrors(
	errors: Record<string, string>,
	words: Record<string, string>,
	order: readonly string[],
) {
	const sentence = (name: string): string | undefined => {
		const key = errors[name];
		return key && words[key];
	};
	const summary = order.flatMap((name) => {
		const found = sentence(name);
		return found ? [{ field: name === "form" ? undefined : name, sentence: found }] : [];
	});
	return { sentence, summary };
}
