import type { LoaderFunctionArgs } from "@remix-run/node";
import { findBookedPage } from "#app/http/own-pages.server.ts";
import { calendarFile, notFound } from "#app/http/responses.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { placeCalendar } from "#emails/templates/registration-email.tsx";

/** The calendar entry of a confirmed booking, without the join link: anyone can cause this page by typing an address. */
export async function loader({ params, context }: LoaderFunctionArgs) {
	const { booking, registrations, details } = await findBookedPage(context, params.token);
	const registration = registrations.findLast(({ email }) => email === booking.contactEmail);
	if ((registration?.status ?? booking.outcome) !== "confirmed") throw notFound();
	const facts = {
		...context.origin,
		...details,
		firm: await findFirm(context.db),
		booking,
		registration: {
			id: registration?.id ?? booking.id,
			name: booking.contactName,
			email: booking.contactEmail,
			locale: booking.contactLocale,
			calendarUid: registration?.calendarUid ?? `${booking.id}@${context.origin.domain}`,
			calendarSequence: registration?.calendarSequence ?? 0,
			tokenVersion: registration?.tokenVersion ?? 1,
		},
	};
	return calendarFile(placeCalendar(facts, "PUBLISH", new Date()));
}
