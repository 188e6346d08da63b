import type { LoaderFunctionArgs } from "@remix-run/node";
import { statusAt } from "#app/domain/registration.ts";
import { findBookedPage } from "#app/http/own-pages.server.ts";
import { calendarFile, notFound } from "#app/http/responses.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { placeCalendar } from "#emails/templates/registration-email.tsx";

/** The calendar entry of a confirmed booking, without the join link: anyone can cause this page by typing an address. */
export async function loader({ params, context }: LoaderFunctionArgs) {
	const { booking, registrations, details } = await findBookedPage(context, params.token);
	const [registration] = registrations;
	if (details.session.cancelledAt || !registration) throw notFound();
	if (statusAt(booking.sessionId, registration) !== "confirmed") throw notFound();
	const facts = {
		...context.origin,
		...details,
		firm: await findFirm(context.db),
		booking,
		registration,
	};
	return calendarFile(placeCalendar(facts, "PUBLISH", new Date()));
}
