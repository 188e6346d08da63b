import { paths } from "#app/paths.ts";
import type { AttendeeTab } from "#db/queries/registrations.server.ts";

/** The tabs in order, as they stand in an address. */
export const tabNames = {
	confirmed: "inscrites",
	waitlisted: "attente",
	cancelled: "annulees",
} satisfies Record<AttendeeTab, string>;

export const attendeeTabs = Object.keys(tabNames) as AttendeeTab[];

/** What part of a list an address asks for; without a tab, it does not say. */
export function attendeeView(search: URLSearchParams): { tab: AttendeeTab | undefined; search: string } {
	const tab = attendeeTabs.find((one) => tabNames[one] === search.get("onglet"));
	return { tab, search: (search.get("q") ?? "").trim().slice(0, 200) };
}

/** The same view of a session's list, on its page or as a file. */
export function viewAddress(
	path: string,
	view: { tab: AttendeeTab; search?: string; page?: number },
): string {
	const search = new URLSearchParams({
		onglet: tabNames[view.tab],
		...(view.search && { q: view.search }),
		...(view.page && view.page > 1 && { page: String(view.page) }),
	});
	return `${path}?${search}`;
}

/** The page of a session, open at a tab. */
export function tabAddress(sessionId: string, tab: AttendeeTab): string {
	return viewAddress(paths.organizer.session(sessionId), { tab });
}
