import { expect, test } from "vitest";
import { brokenFields, brokenTexts, wordsFor } from "#app/domain/email-texts.ts";

const own = {
	subject: "Place confirmée",
	heading: "Votre place est réservée",
	paragraphs: ["On vous attend."],
};
const values = { name: "Zoé {{date}}", session: "Les médias", date: "mardi", time: "9 h 30", place: "Laval" };
const text = {
	subject: "Merci, {{name}}",
	heading: "À {{date}}",
	body: "Apportez un crayon.\n\nÀ {{time}}, {{place}}.",
};

test("an organizer's words take the place of the email's own, each value filled in once", () => {
	expect(wordsFor({ "confirmation.fr": text }, { kind: "confirmation", locale: "fr" }, own, values)).toEqual({
		subject: "Merci, Zoé {{date}}",
		heading: "À mardi",
		paragraphs: ["Apportez un crayon.", "À 9 h 30, Laval."],
	});
	expect(wordsFor({ "confirmation.fr": text }, { kind: "confirmation", locale: "en" }, own, values)).toEqual(
		own,
	);
});

test.each([
	[{ ...text, subject: " " }, ["subject"]],
	[{ ...text, body: "Bonjour {{prenom}}", heading: "{{name" }, ["heading", "body"]],
	[{ subject: "a", heading: "b" } as typeof text, ["body"]],
])("a broken text is not used, and says where it is broken", (broken, fields) => {
	expect(brokenFields("confirmation", broken)).toEqual(fields);
	expect(
		wordsFor({ "confirmation.fr": broken }, { kind: "confirmation", locale: "fr" }, own, values),
	).toEqual(own);
});

test("an email has variables that others do not", () => {
	const lapsed = { ...text, body: "Elle vous attend jusqu’au {{deadline}}." };
	expect(brokenFields("offered", lapsed)).toEqual([]);
	expect(brokenFields("offer-lapsed", lapsed)).toEqual(["body"]);
	const texts = {
		"offered.fr": lapsed,
		"offer-lapsed.en": lapsed,
		"an-old-kind.fr": { ...text, subject: "" },
	};
	expect(brokenTexts(texts)).toEqual([{ kind: "offer-lapsed", locale: "en" }]);
	const deadline = "jeudi 26 novembre, à 17 h";
	const { paragraphs } = wordsFor(texts, { kind: "offered", locale: "fr" }, own, { ...values, deadline });
	expect(paragraphs).toEqual(["Elle vous attend jusqu’au jeudi 26 novembre, à 17 h."]);
});
