import type { LoaderFunctionArgs } from "@remix-run/node";
import { findOwnPlace } from "#app/http/own-pages.server.ts";
import { calendarFile, notFound } from "#app/http/responses.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { bookingOf } from "#db/queries/registrations.server.ts";
import { placeCalendar } from "#emails/templates/registration-email.tsx";

/** The calendar entry of one's own seat, join link included. */
export async function loader({ params, context }: LoaderFunctionArgs) {
	const { registration, details } = await findOwnPlace(context, params.token);
	if (registration.status !== "confirmed") throw notFound();
	const facts = {
		...context.origin,
		...details,
		firm: await findFirm(context.db),
		booking: bookingOf(registration),
		registration,
	};
	return calendarFile(placeCalendar(facts, "PUBLISH", new Date(), details.session.joinUrl || undefined));
}
