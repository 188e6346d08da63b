import type { Certified } from "#app/domain/attendance.ts";
import type { Locale } from "#app/domain/locale.ts";
import { type AnswerValue, type Question, typedAnswer } from "#app/domain/question.ts";
import { showReference } from "#app/domain/reference.ts";
import { shownStatus } from "#app/domain/registration.ts";
import { type AttendeeColumn, columnsWith, shownColumns } from "#app/exports/attendee-columns.ts";
import { booleanWord, type ExportCell } from "#app/exports/cell.ts";
import { orErased } from "#app/i18n/erased.ts";
import { formatStamp } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import type { AttendeeTab } from "#db/queries/attendees.server.ts";
import type { Invoice } from "#db/queries/invoices.server.ts";
import type { Booking, Registration } from "#db/schema.ts";
import { StatusTag } from "./status-tag.tsx";

type ListedPerson = Registration &
	Pick<Booking, "reference" | "contactName" | "contactEmail"> & {
		rank: number;
		/** The deadline of a seat that is only offered, where it is known. */
		offeredUntil: Date | null;
		answers: ReadonlyMap<string, AnswerValue>;
		attended: Certified | null;
		invoice: Invoice | null;
	};

/** The form that the ticked people of the list belong to. */
export const chosenForm = "chosen";

/** More than these are wider than a page. */
const mostAbreast = 7;

/** The people of one tab, with the columns that the organizer chose. The waitlist shows each one's rank. */
export function AttendeeTable(props: {
	people: ListedPerson[];
	tab: AttendeeTab;
	locale: Locale;
	zone: string;
	questions: Question[];
	/** The keys of the columns; the usual ones when null. */
	chosen: string[] | null;
}) {
	const { people, tab, locale, zone, questions, chosen } = props;
	const { attendees: words, attendeeList: list } = dictionary(locale).organizer;
	const columns = shownColumns(columnsWith(questions), chosen);
	const headingOf = ({ key, heading }: AttendeeColumn) =>
		key === "registeredAt" ? words.registered : heading[locale];
	const table = (
		<table className="people">
			<caption>{`${words.caption} · ${words.tabs[tab]}`}</caption>
			<thead>
				<tr>
					<td className="tick">
						<input type="checkbox" data-all aria-label={list.chooseAll} hidden />
					</td>
					{tab === "waitlisted" && <th scope="col">{words.rank}</th>}
					<th scope="col">{words.name}</th>
					{columns.map((column) => (
						<th key={column.key} scope="col">
							{headingOf(column)}
						</th>
					))}
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
								aria-label={list.choose(orErased(person.name, locale))}
							/>
						</td>
						{tab === "waitlisted" && (
							<td className="num" data-label={words.rank}>
								{person.rank}
							</td>
						)}
						<th scope="row">
							<a className="row-link" href={paths.organizer.registration(person.sessionId, person.id)}>
								{orErased(person.name, locale)}
							</a>
							{person.status === "offered" && (
								<span className="under">
									<StatusTag status="offered" locale={locale} />{" "}
									{person.offeredUntil && words.offeredUntil(formatStamp(person.offeredUntil, locale, zone))}
								</span>
							)}
						</th>
						{columns.map((column) => (
							<ListCell
								key={column.key}
								column={column}
								label={headingOf(column)}
								person={person}
								locale={locale}
								zone={zone}
							/>
						))}
						{tab !== "cancelled" && (
							<td className="end">
								{person.name && (
									<a
										className="row-action"
										href={paths.organizer.cancelRegistration(person.sessionId, person.id)}
										aria-label={words.cancelFor(person.name)}
									>
										{words.cancel}
									</a>
								)}
							</td>
						)}
					</tr>
				))}
			</tbody>
		</table>
	);
	if (columns.length <= mostAbreast) return table;
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
		<section className="sideways" aria-label={words.caption} tabIndex={0}>
			{table}
		</section>
	);
}

/** Folded to cards, the usual columns are known for what they are; the others say their name. */
function ListCell(props: {
	column: AttendeeColumn;
	label: string;
	person: ListedPerson;
	locale: Locale;
	zone: string;
}) {
	const { column, label, person, locale, zone } = props;
	switch (column.key) {
		case "email":
			return <td>{person.email ?? <span className="muted">{person.contactEmail}</span>}</td>;
		case "organization":
			return <td>{person.organization || null}</td>;
		case "registeredAt":
			return <td className="num nowrap">{formatStamp(person.createdAt, locale, zone)}</td>;
		case "reference":
			return <td className="reference nowrap">{showReference(person.reference)}</td>;
		case "note":
			return <td className="muted">{person.note || null}</td>;
	}
	const row = {
		...person,
		status: shownStatus(person),
		registeredAt: person.createdAt,
		workshop: "",
		session: "",
	};
	const text = shownCell(column.value(row, locale), locale, zone);
	return <td data-label={label}>{text || null}</td>;
}

function shownCell(cell: ExportCell, locale: Locale, zone: string): string {
	if (cell === null) return "";
	switch (cell.kind) {
		case "date":
			return formatStamp(cell.value, locale, zone);
		case "boolean":
			return booleanWord(cell.value, locale);
		case "number":
			return typedAnswer(cell.value, locale).join("");
		default:
			return cell.value;
	}
}
