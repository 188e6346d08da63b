import { paths } from "#app/paths.ts";

export type Answer = { status: number; page: number | null };

/** As a browser without JavaScript: the form that the site itself shows, filled in and sent, and the page it leads to. */
export async function signUp(url: string, workshop: string, name: string, email: string): Promise<Answer> {
	const address = `${url}${paths.register("fr", workshop)}`;
	const form = await (await fetch(address)).text();
	const [, key = ""] = /name="key" value="([^"]+)"/.exec(form) ?? [];
	const [date = ""] = [...form.matchAll(/name="date"[^>]* value="([^"]+)"/g)].map(([, id]) => id!).slice(-1);
	const answer = await fetch(address, {
		method: "POST",
		redirect: "manual",
		headers: { "Sec-Fetch-Site": "same-origin" },
		body: new URLSearchParams({ date, key, name, email }),
	});
	const to = answer.headers.get("Location");
	return { status: answer.status, page: to ? (await fetch(url + to)).status : null };
}
