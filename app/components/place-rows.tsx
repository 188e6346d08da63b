import type { ReactNode } from "react";
import type { Locale } from "#app/domain/locale.ts";
import { showReference } from "#app/domain/reference.ts";
import type { ShownStatus } from "#app/domain/registration.ts";
import { textIn } from "#app/domain/workshop.ts";
import { mapUrl } from "#app/exports/links.ts";
import { deadlineRows } from "#app/i18n/deadlines.ts";
import { capitalize, formatAddress, formatMoney, formatWhen, formatZone } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import type { Meeting, SessionRow, Workshop } from "#db/schema.ts";
import { DateWords } from "./date-words.tsx";
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
	people?: { name: string; status: ShownStatus }[];
	/** Whether it is a seat, which can be given up for a time. */
	seated: boolean;
	/** What stands for the place of an online session. */
	onlineWhere: ReactNode;
}): { label: string; value: ReactNode }[] {
	const { locale, session, workshop, meetings } = place;
	const words = dictionary(locale).booked;
	const when = capitalize(formatWhen(meetings, locale, session.zone), locale);
	const zone = session.online ? `, ${formatZone(session.startsAt, locale, session.zone)}` : "";
	const rows = [
		{ label: words.workshop, value: <InLanguage {...textIn(workshop, "title", locale)} locale={locale} /> },
		{ label: words.when, value: <DateWords>{when + zone}</DateWords> },
		{
			label: words.where,
			value: session.online ? place.onlineWhere : <Where session={session} locale={locale} />,
		},
		place.people
			? { label: words.people, value: <People people={place.people} locale={locale} /> }
			: { label: words.under, value: place.name },
		{ label: words.reference, value: <span className="reference">{showReference(place.reference)}</span> },
	];
	if (session.priceCents > 0) {
		const { email, priceInvoice } = dictionary(locale);
		const value = priceInvoice(formatMoney(session.priceCents, locale));
		rows.splice(4, 0, { label: place.people ? email.priceEach : words.price, value });
	}
	return place.seated ? [...rows, ...deadlineRows(session, locale)] : rows;
}

function People({ people, locale }: { people: { name: string; status: ShownStatus }[]; locale: Locale }) {
	return (
		<ul className="names">
			{people.map(({ name, status }, index) => (
				<li key={`${index + 1} ${name}`}>
					{name} {status !== "confirmed" && <StatusTag status={status} locale={locale} />}
				</li>
			))}
		</ul>
	);
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
