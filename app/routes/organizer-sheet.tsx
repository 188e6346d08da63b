import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { DateWords } from "#app/components/date-words.tsx";
import { useSite } from "#app/components/document.tsx";
import { InLanguage } from "#app/components/in-language.tsx";
import { OrganizerPage } from "#app/components/organizer-page.tsx";
import { type HalfDay, sheetsOf } from "#app/domain/attendance.ts";
import { textIn } from "#app/domain/workshop.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam } from "#app/http/params.ts";
import { notFound, privateHeaders } from "#app/http/responses.ts";
import { orErased } from "#app/i18n/erased.ts";
import { capitalize, formatDay, formatWhen } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { listSeated } from "#db/queries/registrations.server.ts";
import { findSessionDetails, type SessionDetails } from "#db/queries/sessions.server.ts";
import type { Meeting } from "#db/schema.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const details = await findSessionDetails(context.db, idParam(params.sessionId));
	if (!details) throw notFound();
	return { locale, ...details, people: await listSeated(context.db, details.session.id) };
}

/** The page around the sheet is the organizer's; the sheet is in the language of the session, for the people who sign it. */
export default function OrganizerSheet() {
	const { locale, people, ...details } = useLoaderData<typeof loader>();
	const { session, meetings } = details;
	const words = dictionary(locale).organizer.sheet;
	const day = capitalize(formatDay(session.startsAt, locale, session.zone), locale);
	const sheets = sheetsOf(meetings);
	return (
		<OrganizerPage locale={locale} title={`${words.title} · ${day}`} section="sessions">
			<div className="heading to-paper">
				<p className="eyebrow">
					<a href={paths.organizer.session(session.id)}>
						<DateWords>{day}</DateWords>
					</a>
				</p>
				<button type="button" className="button" data-print hidden>
					{words.print}
				</button>
			</div>
			{sheets.map((signed, index) => (
				<Sheet
					key={signed[0]!.meeting.id}
					details={details}
					signed={signed}
					people={people}
					first={index === 0}
				/>
			))}
		</OrganizerPage>
	);
}

/** For whoever comes without having signed up. */
const blankRows = 5;

type Signed = { meeting: Meeting; halfDays: HalfDay[] };

function Sheet(props: {
	details: SessionDetails;
	/** The meetings that this one is signed for. */
	signed: Signed[];
	people: { id: string; name: string; organization: string }[];
	first: boolean;
}) {
	const { details, signed, people, first } = props;
	const { session, workshop } = details;
	const { language, zone } = session;
	const t = dictionary(language);
	const { sheet: words, attendees } = t.organizer;
	const site = useSite();
	const title = <InLanguage {...textIn(workshop, "title", language)} locale={language} />;
	const meetings = signed.map(({ meeting }) => meeting);
	const when = capitalize(formatWhen(meetings, language, zone), language);
	const cells = signed.flatMap(({ meeting, halfDays }) =>
		halfDays.map((halfDay) => ({ key: `${meeting.id} ${halfDay}`, halfDay })),
	);
	const toSign = cells.map(({ key }) => <td key={key} />);
	const Title = first ? "h1" : "h2";
	return (
		<section className={cells.length > 2 ? "sheet lying" : "sheet"} lang={t.lang}>
			<header>
				<div>
					<p>{site.name}</p>
					<Title>{words.title}</Title>
					<p className="of">{title}</p>
				</div>
				<p>
					<b>
						<DateWords>{when}</DateWords>
					</b>
					{session.online ? t.online : [session.place, session.address].filter(Boolean).join(", ")}
				</p>
			</header>
			<p>{words.sign}</p>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: on a narrow screen the keyboard must be able to scroll it. */}
			<section className="sideways" aria-label={when} tabIndex={0}>
				<table>
					<caption className="unseen">{when}</caption>
					<colgroup>
						<col className="number" />
						<col className="name" />
						<col className="organization" />
					</colgroup>
					<thead>
						<tr>
							<td colSpan={3}>{title}</td>
							{signed.map(({ meeting, halfDays }) => (
								<th key={meeting.id} scope="colgroup" colSpan={halfDays.length}>
									<DateWords>{capitalize(formatDay(meeting.startsAt, language, zone), language)}</DateWords>
								</th>
							))}
						</tr>
						<tr>
							<th scope="col">{words.number}</th>
							<th scope="col">{attendees.name}</th>
							<th scope="col">{attendees.organization}</th>
							{cells.map(({ key, halfDay }) => (
								<th key={key} scope="col">
									{words.halfDays[halfDay]}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{people.map(({ id, name, organization }, index) => (
							<tr key={id}>
								<td>{index + 1}</td>
								<th scope="row">{orErased(name, language)}</th>
								<td>{organization}</td>
								{toSign}
							</tr>
						))}
						{Array.from({ length: blankRows }, (_, index) => (
							<tr key={`blank ${index + 1}`}>
								<td>{people.length + index + 1}</td>
								<td />
								<td />
								{toSign}
							</tr>
						))}
					</tbody>
				</table>
			</section>
			<dl>
				<div>
					<dt>{words.trainer}</dt>
					<dd>{workshop.trainer}</dd>
				</div>
				<div>
					<dt>{words.signature}</dt>
					<dd />
				</div>
			</dl>
		</section>
	);
}
