/** Every address of the site. Imports nothing, so that anything may import it. */

type Lang = "fr" | "en";

function pick(locale: Lang, fr: string, en: string): string {
	return locale === "fr" ? fr : en;
}

function withDate(path: string, sessionId?: string): string {
	return sessionId ? `${path}?date=${sessionId}` : path;
}

/** The colours that the dates may keep in a frame of another site, whatever its reader prefers. */
export const embedColours = ["claires", "sombres"] as const;
type EmbedColours = (typeof embedColours)[number];

type PlaceAction = "switch" | "give" | "correct" | "erase";

const placeActions: Record<PlaceAction, Record<Lang, string>> = {
	switch: { fr: "changer", en: "switch" },
	give: { fr: "ceder", en: "give" },
	correct: { fr: "corriger", en: "correct" },
	erase: { fr: "effacer", en: "erase" },
};

export const paths = {
	list: (locale: Lang) => pick(locale, "/", "/en"),
	/** The dates to come, to be shown in a frame of any site; `workshop` is the slug of one, in this language. */
	embed: (locale: Lang, view: { workshop?: string; colours?: EmbedColours } = {}) => {
		const { workshop, colours } = view;
		const query = new URLSearchParams({
			...(workshop && { atelier: workshop }),
			...(colours && { couleurs: colours }),
		});
		return `${pick(locale, "/integrer", "/en/embed")}${query.size > 0 ? `?${query}` : ""}`;
	},
	/** What gives such a frame the height of what it shows, in the page around it. */
	embedScript: () => "/embed.js",
	interest: (locale: Lang) => pick(locale, "/nouvelles", "/en/news"),
	workshop: (locale: Lang, slug: string, sessionId?: string) =>
		withDate(pick(locale, `/ateliers/${slug}`, `/en/workshops/${slug}`), sessionId),
	register: (locale: Lang, slug: string, sessionId?: string) =>
		withDate(pick(locale, `/ateliers/${slug}/inscription`, `/en/workshops/${slug}/register`), sessionId),
	booked: (locale: Lang, token: string) => pick(locale, `/inscriptions/${token}`, `/en/bookings/${token}`),
	bookedCalendar: (locale: Lang, token: string) => `${paths.booked(locale, token)}/calendrier.ics`,
	manage: (locale: Lang, token: string) => pick(locale, `/ma-place/${token}`, `/en/my-seat/${token}`),
	cancel: (locale: Lang, token: string) =>
		pick(locale, `/ma-place/${token}/annuler`, `/en/my-seat/${token}/cancel`),
	manageCalendar: (locale: Lang, token: string) => `${paths.manage(locale, token)}/calendrier.ics`,
	/** What is kept of one person, or of a contact and their group, as a file. */
	ownData: (locale: Lang, token: string, format: "json" | "csv") =>
		`${paths.manage(locale, token)}/${pick(locale, "mes-renseignements", "my-information")}.${format}`,
	groupData: (locale: Lang, token: string, format: "json" | "csv") =>
		`${paths.group(locale, token)}/${pick(locale, "renseignements-du-groupe", "group-information")}.${format}`,
	/** The calendar of one person, to subscribe to. */
	ownCalendar: (locale: Lang, token: string) =>
		pick(locale, `/mon-calendrier/${token}/ateliers.ics`, `/en/my-calendar/${token}/workshops.ics`),
	organizerCalendar: (token: string) => `/calendriers/${token}/seances.ics`,
	preferences: (locale: Lang, token: string) =>
		pick(locale, `/mes-courriels/${token}`, `/en/my-emails/${token}`),
	unsubscribe: (token: string) => `/unsubscribe/${token}`,
	/** What one person can do with their place: `switch`, `give`, `correct`, `erase`. */
	placeAction: (locale: Lang, token: string, action: PlaceAction) =>
		`${paths.manage(locale, token)}/${placeActions[action][locale]}`,
	group: (locale: Lang, token: string) => pick(locale, `/mon-groupe/${token}`, `/en/my-group/${token}`),
	/** What a proof of participation says, for whoever it is shown to; without a number, where to enter one. */
	attestation: (locale: Lang, serial = "") =>
		pick(locale, "/attestations", "/en/certificates") + (serial && `/${serial}`),
	ownAttestation: (locale: Lang, token: string) =>
		`${paths.manage(locale, token)}/${pick(locale, "attestation", "certificate")}.pdf`,
	addressCorrected: (locale: Lang) => pick(locale, "/adresse-corrigee", "/en/address-corrected"),
	erased: (locale: Lang) => pick(locale, "/renseignements-effaces", "/en/information-erased"),
	lostLink: (locale: Lang) => pick(locale, "/lien-perdu", "/en/lost-link"),
	privacy: (locale: Lang) => pick(locale, "/renseignements-personnels", "/en/privacy"),
	sessionImage: (locale: Lang, sessionId: string) =>
		`${pick(locale, "", "/en")}/dates/${sessionId}/image.png`,
	refused: (locale: Lang, status: number) => `${pick(locale, "", "/en")}/refus/${status}`,
	feed: (locale: Lang) => pick(locale, "/ateliers.ics", "/en/workshops.ics"),
	atom: (locale: Lang) => pick(locale, "/ateliers.atom", "/en/workshops.atom"),
	devEmail: (locale: Lang, name: string) => `/dev/emails/${locale}/${name}`,
	health: () => "/health",
	bounces: () => "/mail/bounces",
	/** What other software reads. */
	api: {
		sessions: (query: { from?: string; after?: string } = {}) => {
			const asked = new URLSearchParams(query);
			return `/api/v1/sessions${asked.size > 0 ? `?${asked}` : ""}`;
		},
		session: (id: string) => `/api/v1/sessions/${id}`,
		/** Those of a session after the one with this id. */
		registrations: (sessionId: string, after?: string) =>
			`/api/v1/sessions/${sessionId}/registrations${after ? `?after=${after}` : ""}`,
		registration: (id: string) => `/api/v1/registrations/${id}`,
	},
	organizer: {
		home: () => "/organizer",
		/** The organizer's language, where it is known: nobody is signed in here. */
		signIn: (locale?: Lang) => `/organizer/sign-in${locale ? `?langue=${locale}` : ""}`,
		signInLink: (token: string, locale?: Lang) =>
			`/organizer/sign-in/${token}${locale ? `?langue=${locale}` : ""}`,
		signOut: () => "/organizer/sign-out",
		workshops: () => "/organizer/workshops",
		archivedWorkshops: () => "/organizer/workshops?archives",
		newWorkshop: (modelId?: string) => `/organizer/workshops/new${modelId ? `?modele=${modelId}` : ""}`,
		workshop: (id: string) => `/organizer/workshops/${id}`,
		questions: (workshopId: string) => `/organizer/workshops/${workshopId}/questions`,
		question: (workshopId: string, id: string) => `/organizer/workshops/${workshopId}/questions/${id}`,
		newSession: (workshopId: string, modelId?: string) =>
			`/organizer/workshops/${workshopId}/sessions/new${modelId ? `?modele=${modelId}` : ""}`,
		session: (id: string, deedId?: string) => `/organizer/sessions/${id}${deedId ? `?action=${deedId}` : ""}`,
		deed: (id: string) => `/organizer/actions/${id}`,
		/** Asks to move people from a date to the one they were at. */
		moveBack: (fromId: string, toId: string, people: string[]) =>
			`/organizer/sessions/${fromId}/chosen?${new URLSearchParams([
				["quoi", "deplacer"],
				["date", toId],
				...people.map((id) => ["personne", id]),
			])}`,
		message: (sessionId: string, draftId?: string) =>
			`/organizer/sessions/${sessionId}/message${draftId ? `?brouillon=${draftId}` : ""}`,
		campaign: (id: string) => `/organizer/messages/${id}`,
		campaignBody: (id: string, locale: Lang) => `/organizer/messages/${id}/${locale}/body`,
		editSession: (id: string) => `/organizer/sessions/${id}/edit`,
		attendees: () => "/organizer/attendees",
		everyoneCsv: () => "/organizer/attendees.csv",
		everyoneXlsx: () => "/organizer/attendees.xlsx",
		exportColumns: (back: string) => `/organizer/attendees/columns?to=${encodeURIComponent(back)}`,
		/** What somebody at the door may open. */
		doors: () => "/organizer/check-in",
		checkIn: (sessionId: string, view: { meeting?: string; search?: string } = {}) => {
			const { meeting, search } = view;
			const query = new URLSearchParams({
				...(meeting && { rencontre: meeting }),
				...(search && { q: search }),
			});
			return `/organizer/sessions/${sessionId}/check-in${query.size > 0 ? `?${query}` : ""}`;
		},
		attendance: (sessionId: string) => `/organizer/sessions/${sessionId}/attendance`,
		chosenAttendees: (sessionId: string) => `/organizer/sessions/${sessionId}/chosen`,
		addAttendee: (sessionId: string) => `/organizer/sessions/${sessionId}/registrations/new`,
		importList: (sessionId: string) => `/organizer/sessions/${sessionId}/import`,
		importTemplate: (sessionId: string, file: string) => `/organizer/sessions/${sessionId}/import/${file}`,
		registration: (sessionId: string, id: string) => `/organizer/sessions/${sessionId}/registrations/${id}`,
		cancelRegistration: (sessionId: string, id: string) =>
			`/organizer/sessions/${sessionId}/registrations/${id}/cancel`,
		eraseRegistration: (sessionId: string, id: string) =>
			`/organizer/sessions/${sessionId}/registrations/${id}/erase`,
		repeatSession: (id: string) => `/organizer/sessions/${id}/repeat`,
		cancelSession: (id: string) => `/organizer/sessions/${id}/cancel`,
		csv: (sessionId: string) => `/organizer/sessions/${sessionId}/attendees.csv`,
		xlsx: (sessionId: string) => `/organizer/sessions/${sessionId}/attendees.xlsx`,
		attestations: (sessionId: string, page = 1, deedId = "") => {
			const query = new URLSearchParams({
				...(page > 1 && { page: String(page) }),
				...(deedId && { action: deedId }),
			});
			return `/organizer/sessions/${sessionId}/attestations${query.size > 0 ? `?${query}` : ""}`;
		},
		/** Those of a page of the list: what was issued, or what would be. */
		attestationsPdf: (sessionId: string, page = 1, preview = false) =>
			`/organizer/sessions/${sessionId}/attestations.pdf?page=${page}${preview ? "&apercu" : ""}`,
		attestation: (sessionId: string, id: string) =>
			`/organizer/sessions/${sessionId}/registrations/${id}/attestation.pdf`,
		sheet: (sessionId: string) => `/organizer/sessions/${sessionId}/sheet`,
		emails: () => "/organizer/emails",
		emailTexts: () => "/organizer/emails/texts",
		emailText: (kind: string, locale: Lang) => `/organizer/emails/texts/${kind}/${locale}`,
		emailTextBody: (kind: string, locale: Lang) => `/organizer/templates/${kind}/${locale}/body`,
		blocked: () => "/organizer/emails/blocked",
		email: (id: string) => `/organizer/emails/${id}`,
		emailBody: (id: string) => `/organizer/emails/${id}/body`,
		settings: () => "/organizer/settings",
		delivery: () => "/organizer/settings/delivery",
		/** How other sites and software get at what is here. */
		integrations: () => "/organizer/settings/integrations",
		embed: () => "/organizer/settings/embed",
		/** `revoking` is the one that is to be revoked, once that is confirmed there. */
		apiTokens: (revoking?: string) => `/organizer/settings/api-tokens${revoking ? `?jeton=${revoking}` : ""}`,
		/** Where other tools are told of each registration. */
		webhooks: () => "/organizer/settings/webhooks",
		webhook: (id: string) => `/organizer/settings/webhooks/${id}`,
		/** The register of confidentiality incidents. */
		incidents: () => "/organizer/settings/incidents",
		incidentsCsv: () => "/organizer/settings/incidents.csv",
		incident: (id: string, newId = "") => `/organizer/settings/incidents/${id}${newId && `?id=${newId}`}`,
		people: () => "/organizer/settings/people",
		person: (id: string) => `/organizer/settings/people/${id}`,
		audit: () => "/organizer/settings/log",
		browsers: () => "/organizer/settings/browsers",
		own: () => "/organizer/settings/me",
	},
};

/** Whether an address is one that an email gives to one person, in either language. */
export function isPersonalLink(pathname: string): boolean {
	const { booked, manage, group } = paths;
	const starts = [booked, manage, group].flatMap((path) => [path("fr", ""), path("en", "")]);
	return starts.some((start) => pathname.startsWith(start));
}

/** The language an address is in: everything under `/en` is English. */
export function localeOfPath(pathname: string): Lang {
	return pathname === "/en" || pathname.startsWith("/en/") ? "en" : "fr";
}
