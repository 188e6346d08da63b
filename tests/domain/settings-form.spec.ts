import { expect, test } from "vitest";
import { parseForm } from "#app/forms/parse-form.ts";
import { settingsForm } from "#app/forms/settings-form.ts";

function parse(changes: Record<string, string>) {
	const form = new FormData();
	const values = { name: "Formation Exemple inc.", retentionMonths: "24", defaultZone: "America/Toronto" };
	for (const [name, value] of Object.entries({ ...values, ...changes })) form.set(name, value);
	return parseForm(settingsForm, form);
}

test("tax numbers are kept as the agencies write them, without spaces", () => {
	const parsed = parse({ gstNumber: "123 456 789 rt 0001", qstNumber: "1234567890" });
	expect(parsed.ok && parsed.data).toMatchObject({ gstNumber: "123456789RT0001", qstNumber: "1234567890" });
});

test("what a new date shows at first may be left empty", () => {
	const parsed = parse({});
	expect(parsed.ok && parsed.data).toMatchObject({
		gstNumber: "",
		defaultCapacity: null,
		defaultStart: "",
		defaultPlace: "",
	});
	const filled = parse({ defaultCapacity: "30", defaultStart: "09:30" });
	expect(filled.ok && filled.data).toMatchObject({ defaultCapacity: 30, defaultStart: "09:30" });
});

test("seats are invitations only where the box is ticked", () => {
	expect(parse({})).toMatchObject({ data: { calendarInvitations: false } });
	expect(parse({ calendarInvitations: "yes" })).toMatchObject({ data: { calendarInvitations: true } });
});

test.each([
	["gstNumber", "12345", "gst"],
	["qstNumber", "1234567890RT0001", "qst"],
	["defaultCapacity", "0", "capacity"],
	["defaultCapacity", "trente", "capacity"],
	["defaultEnd", "25:00", "hour"],
	["defaultZone", "Mars/Olympus", "zone"],
])("%s cannot be « %s »", (name, value, error) => {
	expect(parse({ [name]: value })).toMatchObject({ ok: false, errors: { [name]: error } });
});
