/** What an organizer may do, the least first: `door` checks people in, `organizer` runs the season, `owner` also decides who else may. */
export const roles = ["door", "organizer", "owner"] as const;
export type Role = (typeof roles)[number];

/** Whether a role is enough where `least` is asked for. */
export function roleReaches(role: Role, least: Role): boolean {
	return roles.indexOf(role) >= roles.indexOf(least);
}

/** Whether somebody who owns the site is left once this person no longer does. `owners` are their ids. */
export function anOwnerIsLeft(owners: readonly string[], without: string): boolean {
	return owners.some((id) => id !== without);
}

const browsers: [name: string, mark: RegExp][] = [
	["Edge", /\bEdg(e|A|iOS)?\//],
	["Opera", /\bOPR\//],
	["Samsung Internet", /\bSamsungBrowser\//],
	["Firefox", /\b(Firefox|FxiOS)\//],
	["Chrome", /\b(Chrome|CriOS)\//],
	["Safari", /\bVersion\/\S+ .*Safari\//],
];

const systems: [name: string, mark: RegExp][] = [
	["iPhone", /\biPhone\b/],
	["iPad", /\biPad\b/],
	["Android", /\bAndroid\b/],
	["Windows", /\bWindows\b/],
	["macOS", /\bMac OS X\b/],
	["ChromeOS", /\bCrOS\b/],
	["Linux", /\bLinux\b/],
];

/** What people call the browser behind a User-Agent header: « Firefox · Windows »; empty when it says neither. */
export function browserName(userAgent: string): string {
	return [browsers, systems]
		.map((known) => known.find(([, mark]) => mark.test(userAgent))?.[0])
		.filter(Boolean)
		.join(" · ");
}
