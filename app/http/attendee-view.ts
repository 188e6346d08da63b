import type { CampaignView } from "#app/domain/campaign.ts";
import { localeFrom } from "#app/domain/locale.ts";
import { paths } from "#app/paths.ts";
import type { AttendeeFilter, AttendeeSort, AttendeeTab } from "#db/queries/attendees.server.ts";
import { optionalId } from "./params.ts";

/** The tabs in order, as they stand in an address. */
export const tabNames = {
	confirmed: "inscrites",
	waitlisted: "attente",
	cancelled: "annulees",
	present: "presentes",
	absent: "absentes",
} satisfies Record<AttendeeTab, string>;

export const attendeeTabs = Object.keys(tabNames) as AttendeeTab[];

const sortNames = {
	name: "nom",
	date: "date",
	organization: "organisation",
} satisfies Record<AttendeeSort, string>;

const onlyNames = {
	note: "note",
	"no-email": "sans-courriel",
} satisfies Record<NonNullable<AttendeeFilter["only"]>, string>;

/** The part of a list that an address asks for; without a tab, it does not say. */
export type AttendeeView = Pick<AttendeeFilter, "search" | "sort" | "language" | "only"> & {
	tab: AttendeeTab | undefined;
};

export function attendeeView(search: URLSearchParams): AttendeeView {
	return {
		tab: keyOf(tabNames, search.get("onglet")),
		search: (search.get("q") ?? "").trim().slice(0, 200),
		sort: keyOf(sortNames, search.get("tri")),
		language: localeFrom(search.get("langue")),
		only: keyOf(onlyNames, search.get("montrer")),
	};
}

/** The choices of one field of the view, as its form sends them. */
export const viewChoices = { sort: sortNames, only: onlyNames };

/** The same view of a session's list, on its page or as a file. */
export function viewAddress(
	path: string,
	view: Omit<AttendeeView, "search"> & { search?: string; page?: number },
): string {
	const { tab, search, sort, language, only, page } = view;
	const query = new URLSearchParams({
		...(tab && { onglet: tabNames[tab] }),
		...(search && { q: search }),
		...(sort && sort !== "name" && { tri: sortNames[sort] }),
		...(language && { langue: language }),
		...(only && { montrer: onlyNames[only] }),
		...(page && page > 1 && { page: String(page) }),
	});
	return `${path}?${query}`;
}

/** The selection of a list that a message is for; null where the address asks for no less than a whole tab. */
export function campaignView(search: URLSearchParams): CampaignView | null {
	const { tab = "confirmed", search: typed, language, only } = attendeeView(search);
	const ids = chosenIds(search);
	const isAudience = tab !== "present" && tab !== "absent";
	if (isAudience && !typed && !language && !only && ids.length === 0) return null;
	return { tab, search: typed, language, only, ...(ids.length > 0 && { ids }) };
}

/** The page of a session, open at a tab. */
export function tabAddress(sessionId: string, tab: AttendeeTab): string {
	return viewAddress(paths.organizer.session(sessionId), { tab });
}

/** What a search across the sessions asks for. */
export function everyoneView(search: URLSearchParams): {
	search: string;
	workshopId: string | undefined;
	before: string | undefined;
} {
	return {
		search: (search.get("q") ?? "").trim().slice(0, 200),
		workshopId: optionalId(search.get("atelier")),
		before: optionalId(search.get("avant")),
	};
}

/** The people ticked in a list: at most one page of them. */
export function chosenIds(search: URLSearchParams | FormData): string[] {
	const ids = search.getAll("personne").flatMap((id) => optionalId(String(id)) ?? []);
	return [...new Set(ids)].slice(0, 100);
}

function keyOf<Key extends string>(names: Record<Key, string>, asked: string | null): Key | undefined {
	return (Object.keys(names) as Key[]).find((key) => names[key] === asked);
}
