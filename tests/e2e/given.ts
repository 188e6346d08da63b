import type { Browser, Page } from "playwright/test";
import type { Role } from "#app/domain/organizer.ts";
import { asOrganizer, enterByCode, expect, freshEmail } from "./test.ts";

type Form = Record<string, string>;

/** Sends an organizer's form and returns the address that the answer leads to, without its query. */
export type Send = (path: string, form: Form) => Promise<string>;

/**
 * A published workshop of its own, with two dates a week apart, later than the demo’s, made through the organizers'
 * forms. `also` goes on with the same cookie.
 */
export async function givenDates(
	browser: Browser,
	changes: Form = {},
	also: (send: Send, workshop: string) => Promise<void> = async () => {},
) {
	const context = await browser.newContext({ baseURL: process.env.SITE_URL });
	const page = await context.newPage();
	await asOrganizer(page);
	const send: Send = async (path, form) => {
		const headers = { Origin: process.env.SITE_URL! };
		const answer = await page.request.post(path, { form, headers, maxRedirects: 0 });
		expect(answer.status(), `${path} ${await answer.text()}`).toBe(303);
		return answer.headers().location!.replace(/\?.*/, "");
	};
	const slug = `essai-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
	const texts = { titleFr: `Atelier ${slug}`, titleEn: `Workshop ${slug}`, slugFr: slug, slugEn: slug };
	const workshop = await send("/organizer/workshops/new", { ...texts, published: "yes" });
	const sessions: string[] = [];
	for (const days of [600, 607]) {
		const date = new Date(Date.now() + days * 24 * 3600 * 1000).toISOString().slice(0, 10);
		const session = await send(`${workshop}/sessions/new`, {
			date1: date,
			start1: "13:00",
			end1: "16:00",
			zone: "America/Toronto",
			language: "fr",
			where: "place",
			place: "Laval",
			capacity: "20",
			price: "0",
			waitlistMode: "automatic",
			published: "yes",
			...changes,
		});
		sessions.push(session.split("/").at(-1)!);
	}
	await also(send, workshop);
	await context.close();
	return { slug, workshop, sessions, register: `/ateliers/${slug}/inscription?date=${sessions[0]}` };
}

/** The owner invites an organizer, or somebody at the door, in this page's browser, which is then nobody's again. Returns their address. */
export async function inviteOrganizer(page: Page, role: Role = "organizer"): Promise<string> {
	const email = freshEmail();
	await asOrganizer(page);
	const answer = await page.request.post("/organizer/settings/people", {
		form: { name: "Rosalie Gagné", email, locale: "fr", role },
		headers: { Origin: process.env.SITE_URL! },
	});
	expect(answer.status()).toBe(200);
	await page.context().clearCookies();
	return email;
}

/** Signs this page's browser in as an organizer of its own, or as somebody at the door, whom the owner has just invited. */
export async function asNewOrganizer(page: Page, role: Role = "organizer"): Promise<void> {
	await enterByCode(page, "/organizer/sign-in", await inviteOrganizer(page, role));
}
