/** A variable in a text that an organizer writes: `{{name}}`. */
const variable = /\{\{([^{}]*)\}\}/g;

/** The variables of a text that are not among those allowed, as they were typed; a brace left alone is one too. */
export function unknownVariables(text: string, allowed: readonly string[]): string[] {
	const named = [...text.matchAll(variable)].flatMap(([typed, name]) =>
		allowed.includes(name!.trim()) ? [] : [typed],
	);
	const left = text.replaceAll(variable, "");
	return [...new Set([...named, ...(/\{\{|\}\}/.exec(left) ?? [])])];
}

/**
 * The text with each variable's value; one without a value stays as it is. A value that ends with a full stop, such as
 * "9:30 a.m.", takes the place of the sentence's.
 */
export function fillVariables(text: string, values: Record<string, string>): string {
	return text.replaceAll(/\{\{([^{}]*)\}\}(\.?)/g, (typed, named: string, stop: string) => {
		const name = named.trim();
		if (!Object.hasOwn(values, name)) return typed;
		const value = values[name]!;
		return value.endsWith(".") ? value : value + stop;
	});
}
