import type { Locale } from "#app/domain/locale.ts";

/** What search engines read of one session (schema.org `EducationEvent`). Instants; money is cents before tax. */
type EventFacts = {
	title: string;
	description: string;
	url: string;
	registerUrl: string;
	image: string;
	language: Locale;
	online: boolean;
	place: string;
	address: string;
	startsAt: Date;
	endsAt: Date;
	priceCents: number;
	cancelled: boolean;
	full: boolean;
	firm: string;
	firmUrl: string;
};

/** The session as schema.org data. Never holds the join link of an online session. */
export function eventData(facts: EventFacts): object {
	return {
		"@context": "https://schema.org",
		"@type": "EducationEvent",
		name: facts.title,
		description: facts.description,
		url: facts.url,
		image: facts.image,
		inLanguage: facts.language === "fr" ? "fr-CA" : "en-CA",
		startDate: facts.startsAt.toISOString(),
		endDate: facts.endsAt.toISOString(),
		eventStatus: `https://schema.org/${facts.cancelled ? "EventCancelled" : "EventScheduled"}`,
		eventAttendanceMode: `https://schema.org/${facts.online ? "OnlineEventAttendanceMode" : "OfflineEventAttendanceMode"}`,
		location: facts.online
			? { "@type": "VirtualLocation", url: facts.url }
			: { "@type": "Place", name: facts.place, address: facts.address || facts.place },
		organizer: { "@type": "Organization", name: facts.firm, url: facts.firmUrl },
		offers: {
			"@type": "Offer",
			url: facts.registerUrl,
			price: (facts.priceCents / 100).toFixed(2),
			priceCurrency: "CAD",
			availability: `https://schema.org/${facts.full ? "SoldOut" : "InStock"}`,
		},
	};
}
