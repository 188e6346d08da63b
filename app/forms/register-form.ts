import { z } from "zod";
import { type Locale, localeFrom } from "#app/domain/locale.ts";
import { mostPeople, type WhenFull } from "#app/domain/registration.ts";
import { holdsSiteAddress } from "#app/domain/site-address.ts";
import { cleanLine } from "#app/domain/text.ts";
import type { Dictionary } from "#app/i18n/fr.ts";
import { type FormValues, type ParsedForm, parseForm } from "./parse-form.ts";
import { personName } from "./person-name.ts";
import { checkbox, emailAddress, line, text } from "./text.ts";

type Words = Dictionary["register"];
export type RegisterError = keyof Words["errors"];
export type ColleagueError = keyof Words["colleagues"]["errors"];

const key = (name: RegisterError) => name;
const rowKey = (name: ColleagueError) => name;

/** The people beside the first one, by the number that stands in their fields' names: `name2`, `email2`, `locale2`. */
export const colleagueNumbers = Array.from({ length: mostPeople }, (_, index) => index + 2);

/** Prefixes of `date` that say what becomes of a party that does not fit. */
const whenFull: Record<string, WhenFull> = { waitlist: "wait", split: "split" };

/** `date` is a session's id, or `waitlist:` and its id when the page showed it as full, or `split:` to seat who fits. */
const chosenDate = z
	.string(key("session"))
	.regex(/^((waitlist|split):)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, key("session"))
	.transform((value) => {
		const [sessionId = "", prefix] = value.split(":").reverse();
		return { sessionId, whenFull: whenFull[prefix ?? ""] ?? "refuse" };
	});

const registerForm = z.object({
	date: chosenDate,
	name: personName(key("nameMissing"), key("nameLong"), key("nameAddress")),
	email: emailAddress(key("emailMissing"), key("emailInvalid")),
	organization: line(200, key("organizationLong")),
	poNumber: line(60, key("poNumberLong")),
	billingAddress: text(500, key("billingAddressLong")),
	absent: checkbox,
	news: checkbox,
	/** Signed when the form was shown: see http/form-key.server.ts. */
	key: z.string(key("expired")),
	website: z
		.string()
		.default("")
		.refine((value) => value === "", key("robot")),
});

/** The whole form: the contact and, when there are some, the colleagues. Every error is found at once. */
export function parseRegister(
	form: FormData,
): ParsedForm<z.output<typeof registerForm> & { colleagues: Colleague[] }> {
	const parsed = parseForm(registerForm, form);
	const { values } = parsed;
	const { colleagues, errors } = readColleagues(values);
	if (!parsed.ok) return { ok: false, values, errors: { ...errors, ...parsed.errors } };
	if (Object.keys(errors).length > 0) return { ok: false, values, errors };
	return { ok: true, values, data: { ...parsed.data, colleagues } };
}

export type Colleague = { name: string; email: string | null; locale: Locale | null };

const oneAddress = emailAddress("", "");

/** The rows that were filled. Errors are named by their field; no address stands twice in one booking. */
function readColleagues(values: FormValues): { colleagues: Colleague[]; errors: Record<string, string> } {
	const absent = "absent" in values;
	const errors: Record<string, string> = {};
	const colleagues: Colleague[] = [];
	const addresses = new Set(absent ? [] : [cleanLine(values.email ?? "").toLowerCase()]);
	for (const n of filledRows(values)) {
		const name = cleanLine(values[`name${n}`] ?? "");
		const typed = cleanLine(values[`email${n}`] ?? "");
		if (name === "" && typed === "") continue;
		if (name === "") errors[`name${n}`] = rowKey("nameMissing");
		else if (name.length > 200) errors[`name${n}`] = rowKey("nameLong");
		else if (holdsSiteAddress(name)) errors[`name${n}`] = rowKey("nameAddress");
		const address = typed === "" ? null : oneAddress.safeParse(typed);
		const email = address?.success ? address.data : null;
		if (address && !address.success) errors[`email${n}`] = rowKey("emailInvalid");
		else if (email && addresses.has(email.toLowerCase())) errors[`email${n}`] = rowKey("emailTwice");
		if (email) addresses.add(email.toLowerCase());
		colleagues.push({ name, email, locale: localeFrom(values[`locale${n}`] ?? null) ?? null });
	}
	if (absent && colleagues.length === 0) errors.name2 = key("nobody");
	if (colleagues.length + (absent ? 0 : 1) > mostPeople) errors.list = key("tooManyPeople");
	return { colleagues, errors };
}

/** The numbers of the rows that hold something. */
function filledRows(values: FormValues): number[] {
	return colleagueNumbers.filter((n) => values[`name${n}`] || values[`email${n}`]);
}

/** The numbers of the rows to show: those that hold something, and one more to write in. */
export function shownColleagues(values: FormValues): number[] {
	return colleagueNumbers.slice(0, filledRows(values).at(-1) ?? 1);
}

/**
 * The same values with these people in the rows that were empty, or null when there are too many of them: what was
 * pasted then stays as it is.
 */
export function withColleagues(
	values: FormValues,
	people: { name: string; email: string }[],
): FormValues | null {
	const filledBefore = filledRows(values);
	const empty = colleagueNumbers.filter((n) => !filledBefore.includes(n));
	if (people.length > empty.length) return null;
	const filled: FormValues = { ...values, list: "" };
	for (const [index, { name, email }] of people.entries()) {
		filled[`name${empty[index]}`] = name;
		filled[`email${empty[index]}`] = email;
	}
	return filled;
}

/** How many people want a seat, of a form that was sent. */
export function partySize(values: FormValues): number {
	return filledRows(values).length + ("absent" in values ? 0 : 1);
}
