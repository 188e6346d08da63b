/**
 * The Remix options, and every address of the site: one file serves a page in both languages.
 * @type {import("@remix-run/dev").VitePluginConfig}
 */
export default {
	ignoredRouteFiles: ["**/*"],
	future: {
		v3_fetcherPersist: true,
		v3_lazyRouteDiscovery: true,
		v3_relativeSplatPath: true,
		v3_singleFetch: true,
		v3_throwAbortReason: true,
	},
	routes(define) {
		return define((route) => {
			const both = (name, french, english, file) => {
				route(french, `routes/${file}`, { id: `fr/${name}`, index: french === "" });
				route(english, `routes/${file}`, { id: `en/${name}` });
			};
			both("list", "", "en", "list.tsx");
			both("embed", "integrer", "en/embed", "embed.tsx");
			both("news", "nouvelles", "en/news", "news.tsx");
			both("workshop", "ateliers/:slug", "en/workshops/:slug", "workshop.tsx");
			both("register", "ateliers/:slug/inscription", "en/workshops/:slug/register", "register.tsx");
			both("booked", "inscriptions/:token", "en/bookings/:token", "booked.tsx");
			both(
				"booked-calendar",
				"inscriptions/:token/calendrier.ics",
				"en/bookings/:token/calendrier.ics",
				"booked-calendar.ts",
			);
			both("manage", "ma-place/:token", "en/my-seat/:token", "manage.tsx");
			both("cancel", "ma-place/:token/annuler", "en/my-seat/:token/cancel", "cancel.tsx");
			both(
				"manage-calendar",
				"ma-place/:token/calendrier.ics",
				"en/my-seat/:token/calendrier.ics",
				"manage-calendar.ts",
			);
			both(
				"own-calendar",
				"mon-calendrier/:token/ateliers.ics",
				"en/my-calendar/:token/workshops.ics",
				"own-calendar.ts",
			);
			route("calendriers/:token/seances.ics", "routes/sessions-calendar.ts");
			both("preferences", "mes-courriels/:token", "en/my-emails/:token", "preferences.tsx");
			both("switch", "ma-place/:token/changer", "en/my-seat/:token/switch", "switch.tsx");
			both("give", "ma-place/:token/ceder", "en/my-seat/:token/give", "give.tsx");
			both("correct", "ma-place/:token/corriger", "en/my-seat/:token/correct", "correct.tsx");
			both("erase", "ma-place/:token/effacer", "en/my-seat/:token/erase", "erase.tsx");
			both("erased", "renseignements-effaces", "en/information-erased", "erased.tsx");
			for (const format of ["json", "csv"]) {
				both(
					`own-data-${format}`,
					`ma-place/:token/mes-renseignements.${format}`,
					`en/my-seat/:token/my-information.${format}`,
					`own-data-${format}.ts`,
				);
				both(
					`group-data-${format}`,
					`mon-groupe/:token/renseignements-du-groupe.${format}`,
					`en/my-group/:token/group-information.${format}`,
					`group-data-${format}.ts`,
				);
			}
			both(
				"own-attestation",
				"ma-place/:token/attestation.pdf",
				"en/my-seat/:token/certificate.pdf",
				"own-attestation.ts",
			);
			both("attestation-check", "attestations", "en/certificates", "attestation.tsx");
			both("attestation", "attestations/:serial", "en/certificates/:serial", "attestation.tsx");
			both("group", "mon-groupe/:token", "en/my-group/:token", "group.tsx");
			both("address-corrected", "adresse-corrigee", "en/address-corrected", "address-corrected.tsx");
			both("lost-link", "lien-perdu", "en/lost-link", "lost-link.tsx");
			both("privacy", "renseignements-personnels", "en/privacy", "privacy.tsx");
			both("feed", "ateliers.ics", "en/workshops.ics", "feed-ics.ts");
			both("atom", "ateliers.atom", "en/workshops.atom", "feed-atom.ts");
			both("image", "dates/:sessionId/image.png", "en/dates/:sessionId/image.png", "session-image.ts");
			both("refused", "refus/:status", "en/refus/:status", "refused.tsx");

			route("api/v1/sessions", "routes/api-sessions.ts");
			route("api/v1/sessions/:sessionId", "routes/api-session.ts");
			route("api/v1/sessions/:sessionId/registrations", "routes/api-registrations.ts");
			route("api/v1/registrations/:registrationId", "routes/api-registration.ts");

			route("organizer", "routes/organizer-sessions.tsx");
			route("organizer/sign-in", "routes/organizer-sign-in.tsx");
			route("organizer/sign-in/:token", "routes/organizer-sign-in-link.tsx");
			route("organizer/sign-out", "routes/organizer-sign-out.ts");
			route("organizer/workshops", "routes/organizer-workshops.tsx");
			route("organizer/workshops/:workshopId", "routes/organizer-workshop.tsx");
			route("organizer/workshops/:workshopId/questions", "routes/organizer-questions.tsx");
			route("organizer/workshops/:workshopId/questions/:questionId", "routes/organizer-question.tsx");
			route("organizer/workshops/:workshopId/sessions/new", "routes/organizer-session-new.tsx");
			route("organizer/sessions/:sessionId", "routes/organizer-attendees.tsx");
			route("organizer/sessions/:sessionId/message", "routes/organizer-message.tsx");
			route("organizer/messages/:campaignId", "routes/organizer-campaign.tsx");
			route("organizer/messages/:campaignId/:locale/body", "routes/organizer-campaign-body.ts");
			route("organizer/sessions/:sessionId/edit", "routes/organizer-session-edit.tsx");
			route("organizer/sessions/:sessionId/repeat", "routes/organizer-session-repeat.tsx");
			route("organizer/sessions/:sessionId/cancel", "routes/organizer-cancel-session.tsx");
			route("organizer/sessions/:sessionId/attendees.csv", "routes/organizer-attendees-csv.ts");
			route("organizer/sessions/:sessionId/attendees.xlsx", "routes/organizer-attendees-xlsx.ts");
			route("organizer/sessions/:sessionId/sheet", "routes/organizer-sheet.tsx");
			route("organizer/sessions/:sessionId/attestations", "routes/organizer-attestations.tsx");
			route("organizer/sessions/:sessionId/attestations.pdf", "routes/organizer-attestations-pdf.ts");
			route("organizer/attendees", "routes/organizer-everyone.tsx");
			route("organizer/attendees.csv", "routes/organizer-everyone-csv.ts");
			route("organizer/attendees.xlsx", "routes/organizer-everyone-xlsx.ts");
			route("organizer/attendees/columns", "routes/organizer-export-columns.tsx");
			route("organizer/actions/:deedId", "routes/organizer-deed.ts");
			route("organizer/sessions/:sessionId/chosen", "routes/organizer-chosen.tsx");
			route("organizer/check-in", "routes/organizer-doors.tsx");
			route("organizer/sessions/:sessionId/check-in", "routes/organizer-check-in.tsx");
			route("organizer/sessions/:sessionId/attendance", "routes/organizer-attendance.tsx");
			route("organizer/sessions/:sessionId/import", "routes/organizer-import.tsx");
			route("organizer/sessions/:sessionId/import/:file", "routes/organizer-import-template.ts");
			route("organizer/sessions/:sessionId/registrations/new", "routes/organizer-attendee-new.tsx");
			route(
				"organizer/sessions/:sessionId/registrations/:registrationId",
				"routes/organizer-registration.tsx",
			);
			route(
				"organizer/sessions/:sessionId/registrations/:registrationId/cancel",
				"routes/organizer-cancel-registration.tsx",
			);
			route(
				"organizer/sessions/:sessionId/registrations/:registrationId/erase",
				"routes/organizer-erase-registration.tsx",
			);
			route(
				"organizer/sessions/:sessionId/registrations/:registrationId/attestation.pdf",
				"routes/organizer-attestation.ts",
			);
			route("organizer/emails", "routes/organizer-emails.tsx");
			route("organizer/emails/texts", "routes/organizer-email-texts.tsx");
			route("organizer/emails/texts/:kind/:locale", "routes/organizer-email-text.tsx");
			route("organizer/templates/:kind/:locale/body", "routes/organizer-email-text-body.ts");
			route("organizer/emails/blocked", "routes/organizer-blocked.tsx");
			route("organizer/emails/:emailId", "routes/organizer-email.tsx");
			route("organizer/emails/:emailId/body", "routes/organizer-email-body.ts");
			route("organizer/settings", "routes/organizer-settings.tsx");
			route("organizer/settings/delivery", "routes/organizer-delivery.tsx");
			route("organizer/settings/integrations", "routes/organizer-integrations.tsx");
			route("organizer/settings/embed", "routes/organizer-embed.tsx");
			route("organizer/settings/api-tokens", "routes/organizer-api-tokens.tsx");
			route("organizer/settings/webhooks", "routes/organizer-webhooks.tsx");
			route("organizer/settings/webhooks/:webhookId", "routes/organizer-webhook.tsx");
			route("organizer/settings/incidents", "routes/organizer-incidents.tsx");
			route("organizer/settings/incidents.csv", "routes/organizer-incidents-csv.ts");
			route("organizer/settings/incidents/:incidentId", "routes/organizer-incident.tsx");
			route("organizer/settings/people", "routes/organizer-people.tsx");
			route("organizer/settings/people/:organizerId", "routes/organizer-person.tsx");
			route("organizer/settings/log", "routes/organizer-audit.tsx");
			route("organizer/settings/me", "routes/organizer-own.tsx");
			route("organizer/settings/browsers", "routes/organizer-browsers.tsx");
			route("dev/emails", "routes/dev-emails.tsx");
			route("dev/emails/:locale/:name", "routes/dev-email.ts");
			route("*", "routes/not-found.tsx");
		});
	},
};
