import { type AttestationPart, endsProof, type NoDraft } from "#app/domain/attestation.ts";
import type { Locale } from "#app/domain/locale.ts";
import { formatDateShort, formatDuration, formatList } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";

/** How somebody stands with their attestation. */
export type Standing = {
	/** The one in force; `undelivered` where the email that brought it did not arrive. */
	issued: { at: Date; name: string; undelivered: boolean } | null;
	/** What a new one would be for; null where there can be none, for this `reason`. */
	minutes: number | null;
	reason: NoDraft | null;
	/** In what the one in force is not what it would be now, and whether that is about the person. */
	differences: AttestationPart[];
	isWrong: boolean;
	/** Whether something is planned for them already, and waits. */
	waits: boolean;
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
		<table className="people">
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
							{canChange(person) && (
								<input
									type="checkbox"
									name="personne"
									value={person.id}
									defaultChecked={isDue(person)}
									aria-label={endOf(person) ? words.withdraw(person.name) : words.choose(person.name)}
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

/** Why the one in force is to be taken back, if it is. */
function endOf({ issued, reason }: Person): "absent" | "gone" | null {
	return issued && reason && endsProof(reason) ? reason : null;
}

function canChange(person: Person): boolean {
	return !person.waits && (person.minutes !== null || endOf(person) !== null);
}

function isDue(person: Person): boolean {
	return endOf(person) === "absent" || (person.minutes !== null && (!person.issued || person.isWrong));
}

type StateProps = { person: Person; session: { id: string; zone: string }; locale: Locale };

function State({ person, session, locale }: StateProps) {
	const words = dictionary(locale).organizer.attestations;
	const { issued, name, reason, differences } = person;
	const end = endOf(person);
	const parts = differences.map((part) => words.parts[part]);
	return (
		<>
			{person.waits && words.waits}
			{!person.waits && end && <b>{words.toEnd[end]}</b>}
			{!person.waits && !end && reason && words.reasons[reason]}
			{!person.waits && (reason === "unseen" || reason === "untold") && (
				<>
					{" · "}
					<a href={`${paths.organizer.attendance(session.id)}?personne=${person.id}`}>{words.note}</a>
				</>
			)}
			{!person.waits && !reason && !issued && <b>{words.due}</b>}
			{!person.waits && parts.length > 0 && <b>{words.differs(formatList(parts, locale))}</b>}
			{issued && (
				<span className={parts.length > 0 || reason ? "under" : undefined}>
					{issued.name === name
						? words.issued(formatDateShort(issued.at, locale, session.zone))
						: words.issuedTo(formatDateShort(issued.at, locale, session.zone), issued.name)}
				</span>
			)}
			{issued?.undelivered && (
				<span className="under">
					<span className="tag warn">{words.undelivered}</span>
				</span>
			)}
		</>
	);
}
