import type { Page } from "playwright/test";
import type { Locale } from "#app/domain/locale.ts";
import { pages } from "../routes.ts";

type FilledSite = {
	url: string;
	cookies: Record<Locale, string>;
	addresses: { route: string; address: string }[];
};

/** The site with one of each thing that a page can be about (tests/http/filled-site.ts): to look at, never to change. */
function filledSite(): FilledSite {
	return JSON.parse(process.env.SITE_EVERY_PAGE!);
}

/** The routes that answer with a page rather than with a file. The previews of the emails are only there in development. */
export function everyPage(): string[] {
	return pages.map(({ path }) => path).filter((path) => path !== "*" && !path.startsWith("dev/"));
}

/** Where a page of the filled site is: several addresses where it is shown for several people. It may go on after a route. */
export function addressesOf(page: string): string[] {
	const { url, addresses } = filledSite();
	const same = addresses.filter(({ route }) => route === page);
	if (same.length > 0) return same.map(({ address }) => url + address);
	const [, route, rest] = /^(.*\/:\w+)(.*)$/.exec(page) ?? [];
	const known = addresses.find((one) => one.route === route);
	return [known ? url + known.address + rest : `${url}/${page}`];
}

/** Signs this page's browser in on the filled site, as an owner who reads in this language. */
export async function asOwnerOfFilledSite(page: Page, locale: Locale = "fr"): Promise<void> {
	const { url, cookies } = filledSite();
	const [name = "", value = ""] = cookies[locale].split("=");
	await page.context().addCookies([{ name, value, url }]);
}
