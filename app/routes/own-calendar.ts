import type { LoaderFunctionArgs } from "@remix-run/node";
import { calendar } from "#app/exports/ics.server.ts";
import { findOwnCalendar } from "#app/http/own-pages.server.ts";
import { calendarFeed } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { localeOfPath } from "#app/paths.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { bookingOf } from "#db/queries/registrations.server.ts";
import { placeEvent } from "#emails/templates/registration-email.tsx";

/** Every date that one person has, at an address of their own to subscribe to. What was cancelled stays, as cancelled. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const locale = localeOfPath(new URL(request.url).pathname);
	const now = new Date();
	const places = await findOwnCalendar(context, params.token, now);
	const firm = await findFirm(context.db);
	const events = places.map(({ registration, details }) => {
		const cancelled = registration.status === "cancelled";
		const { session, workshop } = details;
		const own = { ...registration, locale };
		const facts = {
			...context.origin,
			...details,
			firm,
			booking: bookingOf(registration),
			registration: own,
		};
		const changes = [registration.updatedAt, session.updatedAt, workshop.updatedAt];
		return placeEvent(facts, {
			stamp: new Date(Math.max(...changes.map(Number))),
			now,
			joinUrl: (!cancelled && session.joinUrl) || undefined,
			cancelled,
		});
	});
	const name = `${firm.name} · ${dictionary(locale).manage.calendarName}`;
	return calendarFeed(calendar({ method: "PUBLISH", name, events }));
}
