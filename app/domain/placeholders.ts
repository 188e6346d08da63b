/** A variable in a text that an organizer writes: `{{name}}`. */
const variable = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** The variables of a text that are not among those allowed, as they were typed; a brace left alone is one too. */
export function unknownVariables(text: string, allowed: readonly string[]): string[] {
	const named = [...text.matchAll(variable)].flatMap(([typed, name]) =>
		allowed.includes(name!) ? [] : [typed],
	);
	const left = text.replaceAll(variable, "");
	return [...new Set([...named, ...(/\{\{|\}\}/.exec(left) ?? [])])];
}

/** The text with each variable's value; one without a value stays as it is. */
export function fillVariables(text: string, values: Record<string, string>): string {
	return text.replaceAll(variable, (typed, name: string) =>
		Object.hasOwn(values, name) ? values[name]! : typed,
	);
}
