import type { z } from "zod";

/** What a form held, as text: enough to show it again with nothing lost. A box that is not ticked is absent. */
export type FormValues = Record<string, string>;

export type ParsedForm<Data> =
	| { ok: true; data: Data; values: FormValues }
	| { ok: false; values: FormValues; errors: Record<string, string> };

/** What a form sent, in a body or in an address. */
type Sent = Iterable<[string, FormDataEntryValue]>;

/** Every value as it was typed; of several under one name, the first. */
export function formValues(form: Sent): FormValues {
	const values: FormValues = {};
	for (const [name, value] of form)
		if (typeof value === "string") values[name] ??= value.replaceAll("\0", "");
	return values;
}

/**
 * Checks a form against its schema. Errors are one dictionary key per field, the first that was found; every value
 * comes back as it was typed.
 */
export function parseForm<Schema extends z.ZodType>(
	schema: Schema,
	form: Sent,
): ParsedForm<z.output<Schema>> {
	const values = formValues(form);
	const parsed = schema.safeParse(values);
	if (parsed.success) return { ok: true, data: parsed.data, values };
	const errors: Record<string, string> = {};
	for (const issue of parsed.error.issues) errors[issue.path.join(".") || "form"] ??= issue.message;
	return { ok: false, values, errors };
}
