import { afterAll, expect, test } from "vitest";
import { everyEmail } from "#emails/gallery.ts";
import { createTestDatabase } from "#tests/database.ts";
import { aPlace, givenOrganizer, now } from "#tests/fixtures.ts";
import { problemsOfEmail } from "#tests/html-rules.ts";
import { templates } from "./every-template.ts";

const { db, drop } = await createTestDatabase();
afterAll(drop);

test.each(["fr", "en"] as const)(
	"every email in %s is valid HTML, but for what mail programs need",
	async (locale) => {
		const facts = await aPlace(db, locale);
		const booking = await db
			.selectFrom("booking")
			.selectAll()
			.where("id", "=", facts.booking.id)
			.executeTakeFirstOrThrow();
		const emails = Object.entries(everyEmail({ ...facts, booking }, await givenOrganizer(db), locale, now));
		for (const [name, template] of Object.entries(templates)) emails.push([name, template(facts)]);
		for (const [name, { html }] of emails) expect(problemsOfEmail(html), name).toEqual([]);
	},
);
