import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { DateWords } from "#app/components/date-words.tsx";
import { Page } from "#app/components/page.tsx";
import { placeRows } from "#app/components/place-rows.tsx";
import { Ticket } from "#app/components/ticket.tsx";
import { mayStillCancel } from "#app/domain/session.ts";
import { findOwnPlace } from "#app/http/own-pages.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { formatDay, formatTime } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { localeOfPath, paths } from "#app/paths.ts";
import { waitlistPosition } from "#db/queries/bookings.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { registration, details } = await findOwnPlace(context, params.token);
	const { status, name, email, reference } = registration;
	const firm = await findFirm(context.db);
	const { joinUrl } = details.session;
	return {
		locale: localeOfPath(new URL(request.url).pathname),
		token: params.token ?? "",
		...details,
		session: { ...details.session, joinUrl: status === "confirmed" ? joinUrl : "" },
		place: { status, name, email, reference },
		position:
			status === "waitlisted"
				? await waitlistPosition(context.db, { ...registration, id: registration.bookingId })
				: null,
		mayCancel: mayStillCancel(details.session, new Date()),
		contactEmail: firm.email,
	};
}

export default function Manage() {
	const data = useLoaderData<typeof loader>();
	const { locale, token, session, workshop, meetings, place, position, mayCancel, contactEmail } = data;
	const t = dictionary(locale);
	const words = t.manage;
	const slug = locale === "fr" ? workshop.slugFr : workshop.slugEn;
	const heading = session.cancelledAt ? t.booked.sessionCancelledTitle : words[place.status];
	const held = place.status === "confirmed" && !session.cancelledAt;
	const rows = placeRows({
		locale,
		session,
		workshop,
		meetings,
		...place,
		onlineWhere: session.joinUrl ? <a href={session.joinUrl}>{words.join}</a> : t.online,
	});
	if (place.email) rows.splice(-1, 0, { label: words.email, value: place.email });
	if (position) rows.unshift({ label: words.position, value: words.waitlistedPosition(position) });
	return (
		<Page locale={locale} title={words.title} alternate={paths.manage(locale === "fr" ? "en" : "fr", token)}>
			<h1>{heading}</h1>
			<p className="lede">
				{place.status === "cancelled" || session.cancelledAt ? (
					words.cancelledLede
				) : (
					<DateWords>
						{held
							? t.booked.confirmedLede(
									formatDay(session.startsAt, locale, session.zone, { year: false }),
									formatTime(session.startsAt, locale, session.zone),
								)
							: t.booked.seatFreed}
					</DateWords>
				)}
			</p>
			<Ticket rows={rows}>
				{held && <a href={paths.manageCalendar(locale, token)}>{t.booked.calendar}</a>}
			</Ticket>
			<div className="actions">
				{place.status === "cancelled" || session.cancelledAt ? (
					<a className="button" href={paths.workshop(locale, slug)}>
						{words.registerAgain}
					</a>
				) : mayCancel ? (
					<a className="button plain" href={paths.cancel(locale, token)}>
						{place.status === "waitlisted" ? words.leave : words.cancel}
					</a>
				) : (
					<p>
						{words.tooLate} {contactEmail && <a href={`mailto:${contactEmail}`}>{contactEmail}</a>}
					</p>
				)}
			</div>
		</Page>
	);
}
