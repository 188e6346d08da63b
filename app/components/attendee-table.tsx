import type { Locale } from "#app/domain/locale.ts";
import { showReference } from "#app/domain/reference.ts";
import { formatStamp } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import type { AttendeeTab } from "#db/queries/registrations.server.ts";
import type { Booking, Registration } from "#db/schema.ts";

export type ListedPerson = Registration & Pick<Booking, "reference" | "contactEmail"> & { rank: number };

/** The people of one tab: who, where to write to them, since when. The waitlist shows each one's rank. */
export function AttendeeTable(props: {
	people: ListedPerson[];
	tab: AttendeeTab;
	locale: Locale;
	zone: string;
}) {
	const { people, tab, locale, zone } = props;
	const words = dictionary(locale).organizer.attendees;
	return (
		<table>
			<caption>{`${words.caption} · ${words.tabs[tab]}`}</caption>
			<thead>
				<tr>
					{tab === "waitlisted" && <th scope="col">{words.rank}</th>}
					<th scope="col">{words.name}</th>
					<th scope="col">{words.email}</th>
					<th scope="col">{words.organization}</th>
					<th scope="col">{words.registered}</th>
					<th scope="col">{words.reference}</th>
					<th scope="col">{words.note}</th>
					{tab !== "cancelled" && (
						<th scope="col">
							<span className="unseen">{words.actions}</span>
						</th>
					)}
				</tr>
			</thead>
			<tbody>
				{people.map((person) => (
					<tr key={person.id}>
						{tab === "waitlisted" && (
							<td className="num" data-label={words.rank}>
								{person.rank}
							</td>
						)}
						<th scope="row">{person.name}</th>
						<td>{person.email ?? <span className="muted">{person.contactEmail}</span>}</td>
						<td>{person.organization || null}</td>
						<td className="num nowrap">{formatStamp(person.createdAt, locale, zone)}</td>
						<td className="reference nowrap">{showReference(person.reference)}</td>
						<td className="muted">{person.note || null}</td>
						{tab !== "cancelled" && (
							<td className="end">
								<a
									className="row-action"
									href={paths.organizer.cancelRegistration(person.sessionId, person.id)}
									aria-label={words.cancelFor(person.name)}
								>
									{words.cancel}
								</a>
							</td>
						)}
					</tr>
				))}
			</tbody>
		</table>
	);
}
