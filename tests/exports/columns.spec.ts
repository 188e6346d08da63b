import { expect, test } from "vitest";
import type { Question } from "#app/domain/question.ts";
import {
	answersKey,
	attendeeColumns,
	chosenColumns,
	columnsWith,
	invoiceKeys,
	listKeys,
	shownColumns,
	usualListKeys,
} from "#app/exports/attendee-columns.ts";

const question: Question = {
	id: "q1",
	kind: "short",
	labelFr: "Métier?",
	labelEn: "Job?",
	options: [],
	required: false,
	askedAt: "registration",
};
const columns = columnsWith([question]);
const keysOf = (shown: readonly { key: string }[]) => shown.map(({ key }) => key);

test("until somebody chooses, a list shows the usual columns and a file all of them", () => {
	expect(keysOf(shownColumns(columns, null))).toEqual(usualListKeys);
	expect(keysOf(chosenColumns(columns, null))).toEqual([...keysOf(attendeeColumns), "q1"]);
});

test("a choice keeps the order of the columns, and answers go together", () => {
	expect(keysOf(shownColumns(columns, ["note", answersKey, "phone"]))).toEqual(["phone", "note", "q1"]);
	expect(keysOf(chosenColumns(columns, [answersKey, "name"]))).toEqual(["name", "q1"]);
});

test("answers alone, where nothing is asked, leave the names in the list and everything in the file", () => {
	expect(shownColumns(attendeeColumns, [answersKey])).toEqual([]);
	expect(chosenColumns(attendeeColumns, [answersKey])).toEqual(attendeeColumns);
});

test("the list can show whatever a file has, but what its page says already", () => {
	expect([...listKeys].sort()).toEqual(
		[...keysOf(attendeeColumns), answersKey]
			.filter((key) => !["name", "workshop", "session"].includes(key))
			.sort(),
	);
});

test("where nothing has a price, no column is about invoices", () => {
	const free = columnsWith([question], false);
	expect(keysOf(columns).filter((key) => !keysOf(free).includes(key))).toEqual(invoiceKeys);
});
