import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { everyEmail } from "#emails/gallery.ts";
import { createTestDatabase } from "#tests/database.ts";
import { aPlace, givenOrganizer, now } from "#tests/fixtures.ts";

/* Every email in both languages, written to test-results/emails to be looked at. */
const folder = "test-results/emails";
mkdirSync(folder, { recursive: true });

const { db, drop } = await createTestDatabase();
afterAll(drop);

test.each(["fr", "en"] as const)(
	"every email in %s is whole: subject, both bodies, one language, under 20 kB",
	async (locale) => {
		const facts = await aPlace(db, locale, { online: true, joinUrl: "https://visio.exemple.ca/salle" });
		const booking = await db
			.selectFrom("booking")
			.selectAll()
			.where("id", "=", facts.booking.id)
			.executeTakeFirstOrThrow();
		const emails = everyEmail({ ...facts, booking }, await givenOrganizer(db), locale, now);
		expect(Object.keys(emails).length).toBeGreaterThan(18);
		for (const [name, { subject, html, text, locale: of }] of Object.entries(emails)) {
			writeFileSync(`${folder}/${name}.${locale}.html`, html);
			writeFileSync(`${folder}/${name}.${locale}.txt`, `${subject}\n\n${text}`);
			expect(subject, name).not.toBe("");
			expect(of, name).toBe(locale);
			expect(html, name).toContain(`lang="${locale}-CA"`);
			expect(html, name).toContain("<h1");
			expect(Buffer.byteLength(html), name).toBeLessThan(20 * 1024);
			expect(text, name).toContain("\n--\n");
			expect(`${subject}${html}${text}`, name).not.toMatch(/undefined|\[object|NaN|%7B/);
			const left = `${html}${text}`.replaceAll(/\{\{(manage|preferences|unsubscribe)_url\}\}/g, "");
			expect(left, name).not.toContain("{{");
		}
	},
);
