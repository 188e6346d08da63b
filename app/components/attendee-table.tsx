import type { Locale } from "#app/domain/locale.ts";
import { showReference } from "#app/domain/reference.ts";
import { formatStamp } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import type { AttendeeTab } from "#db/queries/registrations.server.ts";
import type { Booking, Registration } from "#db/schema.ts";

export type ListedPerson = Registration & Pick<Booking, "reference" | "contactEmail"> & { rank: number };

/** The form that the ticked people of the list belong to. */
export const chosenForm = "chosen";

/** The people of one tab: who, where to write to them, since when. The waitlist shows each one's rank. */
export function AttendeeTable(props: {
	people: ListedPerson[];
	tab: AttendeeTab;
	locale: Locale;
	zone: string;
}) {
	const { people, tab, locale, zone } = props;
	const { attendees: words, attendeeList: list } = dictionary(locale).organizer;
	return (
		<table className="people">
			<caption>{`${words.caption} · ${words.tabs[tab]}`}</caption>
			<thead>
				<tr>
					<td className="tick">
						<input type="checkbox" data-all aria-label={list.chooseAll} hidden />
					</td>
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
						<td className="tick">
							<input
								type="checkbox"
								form={chosenForm}
								name="personne"
								value={person.id}
								aria-label={list.choose(person.name)}
							/>
						</td>
						{tab === "waitlisted" && (
							<td className="num" data-label={words.rank}>
								{person.rank}
							</td>
						)}
						<th scope="row">
							<a className="row-link" href={paths.organizer.registration(person.sessionId, person.id)}>
								{person.name}
							</a>
						</th>
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
