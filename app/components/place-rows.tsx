import type { ReactNode } from "react";
import type { Locale } from "#app/domain/locale.ts";
import { showReference } from "#app/domain/reference.ts";
import { isOwed, type StatusAt, shownStatus, statusAt } from "#app/domain/registration.ts";
import type { Priced, TaxNumbers } from "#app/domain/taxes.ts";
import { textIn } from "#app/domain/workshop.ts";
import { mapUrl } from "#app/exports/links.ts";
import { amountRows, announcedPrice } from "#app/i18n/amounts.ts";
import { deadlineRows } from "#app/i18n/deadlines.ts";
import { capitalize, formatAddress, formatWhen } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { zoneNote } from "#app/i18n/zone-note.ts";
import type { Meeting, SessionRow, Workshop } from "#db/schema.ts";
import { DateWords } from "./date-words.tsx";
import { useSite } from "./document.tsx";
import { InLanguage } from "./in-language.tsx";
import { StatusTag } from "./status-tag.tsx";

/** What one person's ticket says: what, when, where, for whom, and the reference. */
export function placeRows(place: {
	locale: Locale;
	session: SessionRow;
	workshop: Workshop;
	meetings: Meeting[];
	name: string;
	reference: string;
	/** Of a group: everyone in it, instead of the contact's name. */
	people?: { name: string; status: StatusAt }[];
	/** Nobody is at this date any more: neither when, nor where. */
	moved?: boolean;
	/** Whether it is a seat, which can be given up for a time. */
	seated: boolean;
	/** What the page is about, seat by seat. */
	seats: Seat[];
	taxNumbers: TaxNumbers;
	/** What stands for the place of an online session. */
	onlineWhere: ReactNode;
}): { label: string; value: ReactNode }[] {
	const { locale, session, workshop, meetings } = place;
	const words = dictionary(locale).booked;
	const date = [
		{ label: words.when, value: <When session={session} meetings={meetings} locale={locale} /> },
		{
			label: words.where,
			value: session.online ? place.onlineWhere : <Where session={session} locale={locale} />,
		},
	];
	const rows = [
		{ label: words.workshop, value: <InLanguage {...textIn(workshop, "title", locale)} locale={locale} /> },
		...(place.moved ? [] : date),
		place.people
			? { label: words.people, value: <People people={place.people} locale={locale} /> }
			: { label: words.under, value: place.name },
		{ label: words.reference, value: <span className="reference">{showReference(place.reference)}</span> },
	];
	rows.splice(4, 0, ...costRows(place.seats, place.taxNumbers, locale));
	return place.seated ? [...rows, ...deadlineRows(session, locale)] : rows;
}

type Seat = Priced & { status: StatusAt };

/** What a page needs of a registration to say what it costs. */
export function seatOf(registration: Priced & Parameters<typeof shownStatus>[0]): Seat {
	const { priceCents, gstRate, qstRate } = registration;
	return { priceCents, gstRate, qstRate, status: shownStatus(registration) };
}

/** The same of a booking, at the date that it was for. */
export function seatsOf(
	bookedSessionId: string,
	registrations: (Priced & Parameters<typeof isOwed>[1])[],
): Seat[] {
	return registrations.map((person) => ({
		...seatOf(person),
		status: isOwed(bookedSessionId, person) ? "confirmed" : statusAt(bookedSessionId, person),
	}));
}

/** What the seats that people have cost in all; to whoever waits for one or is offered it, its price. */
export function costRows(seats: Seat[], taxNumbers: TaxNumbers, locale: Locale) {
	const held = seats.filter(({ status }) => status === "confirmed");
	if (held.length > 0) return amountRows(held, taxNumbers, locale);
	const waiting = seats.find(({ status }) => status === "waitlisted" || status === "offered");
	if (!waiting || waiting.priceCents === 0) return [];
	const { amounts } = dictionary(locale);
	const label = seats.length > 1 ? amounts.priceEach : amounts.price(1);
	return [{ label, value: announcedPrice(waiting.priceCents, taxNumbers, locale) }];
}

function People({ people, locale }: { people: { name: string; status: StatusAt }[]; locale: Locale }) {
	return (
		<ul>
			{people.map(({ name, status }, index) => (
				<li key={`${index + 1} ${name}`}>
					{name} {status !== "confirmed" && <StatusTag status={status} locale={locale} />}
				</li>
			))}
		</ul>
	);
}

function When(props: { session: SessionRow; meetings: Meeting[]; locale: Locale }) {
	const { session, meetings, locale } = props;
	const zone = zoneNote(session, locale, useSite().zone);
	const when = capitalize(formatWhen(meetings, locale, session.zone), locale);
	return <DateWords>{when + (zone && `, ${zone}`)}</DateWords>;
}

function Where({ session, locale }: { session: SessionRow; locale: Locale }) {
	if (!session.address) return <>{session.place}</>;
	return (
		<>
			{formatAddress(session.address)}
			<br />
			<a href={mapUrl(session.address)}>{dictionary(locale).workshop.map}</a>
		</>
	);
}
