import type { AttestationPart, Participation } from "#app/domain/attestation.ts";
import type { Locale } from "#app/domain/locale.ts";
import { formatDateShort, formatDuration, formatList } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";

/** How somebody stands with their attestation. */
export type Standing = {
	/** The one in force. */
	issued: { at: Date; minutes: number } | null;
	/** What a new one would be for; null where there can be none, for this `reason`. */
	minutes: number | null;
	reason: Extract<Participation, { ok: false }>["reason"] | null;
	/** In what the one in force is not what it would be now, and whether that is about the person. */
	differences: AttestationPart[];
	isWrong: boolean;
};

type Person = { id: string; name: string; organization: string } & Standing;

/** The people of a date, how long each was there, and where each one's attestation stands; whoever is due one is ticked. */
export function AttestationTable(props: {
	people: Person[];
	session: { id: string; zone: string };
	locale: Locale;
}) {
	const { people, session, locale } = props;
	const words = dictionary(locale).organizer.attestations;
	return (
		<table className="people attestations">
			<caption>{words.title}</caption>
			<thead>
				<tr>
					<td className="tick" />
					<th scope="col">{words.name}</th>
					<th scope="col">{words.hours}</th>
					<th scope="col">{words.state}</th>
					<th scope="col">
						<span className="unseen">{words.file}</span>
					</th>
				</tr>
			</thead>
			<tbody>
				{people.map((person) => (
					<tr key={person.id}>
						<td className="tick">
							{(person.minutes !== null || isToEnd(person)) && (
								<input
									type="checkbox"
									name="personne"
									value={person.id}
									defaultChecked={isDue(person)}
									aria-label={words.choose(person.name)}
								/>
							)}
						</td>
						<th scope="row">
							<a href={paths.organizer.registration(session.id, person.id)}>{person.name}</a>
							{person.organization && <span className="under">{person.organization}</span>}
						</th>
						<td className="num">{person.minutes !== null && formatDuration(person.minutes)}</td>
						<td>
							<State person={person} session={session} locale={locale} />
						</td>
						<td className="end">
							{person.issued && (
								<a
									className="row-action"
									href={paths.organizer.attestation(session.id, person.id)}
									aria-label={words.fileOf(person.name)}
								>
									{words.file}
								</a>
							)}
						</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

function isToEnd({ issued, reason }: Person): boolean {
	return issued !== null && reason === "absent";
}

function isDue(person: Person): boolean {
	return isToEnd(person) || (person.minutes !== null && (!person.issued || person.isWrong));
}

function State({
	person,
	session,
	locale,
}: {
	person: Person;
	session: { id: string; zone: string };
	locale: Locale;
}) {
	const words = dictionary(locale).organizer.attestations;
	const { issued, reason, differences } = person;
	const on = issued && words.issued(formatDateShort(issued.at, locale, session.zone));
	if (isToEnd(person)) return words.toEnd;
	if (reason) {
		const note = `${paths.organizer.attendance(session.id)}?personne=${person.id}`;
		return (
			<>
				{on && <span className="under">{on}</span>}
				{words.reasons[reason]}
				{reason !== "absent" && (
					<>
						{" · "}
						<a href={note}>{words.note}</a>
					</>
				)}
			</>
		);
	}
	if (!on) return <b>{words.due}</b>;
	if (differences.length === 0) return on;
	const parts = formatList(
		differences.map((part) => words.parts[part]),
		locale,
	);
	return (
		<>
			<b>{words.differs(parts)}</b>
			<span className="under">{on}</span>
		</>
	);
}
