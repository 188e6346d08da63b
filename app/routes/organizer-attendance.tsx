import {
	type ActionFunctionArgs,
	data,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { Choices } from "#app/components/choices.tsx";
import { ErrorSummary } from "#app/components/error-summary.tsx";
import { Field } from "#app/components/field.tsx";
import { OrganizerPage } from "#app/components/organizer-page.tsx";
import { PlaceHeading } from "#app/components/place-heading.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { trainingMinutes } from "#app/domain/attestation.ts";
import { attendanceForm } from "#app/forms/attendance-form.ts";
import { formErrors } from "#app/forms/form-errors.ts";
import { parseForm } from "#app/forms/parse-form.ts";
import { attendeeView, chosenIds, tabAddress } from "#app/http/attendee-view.ts";
import type { AppContext } from "#app/http/context.server.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam } from "#app/http/params.ts";
import { notFound, privateHeaders } from "#app/http/responses.ts";
import { orErased } from "#app/i18n/erased.ts";
import { capitalize, formatDuration, formatWhen } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { recordAttendance } from "#app/use-cases/record-attendance.server.ts";
import { listAttendance } from "#db/queries/attendance.server.ts";
import { listAttendees } from "#db/queries/attendees.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const { searchParams } = new URL(request.url);
	const { tab = "confirmed" } = attendeeView(searchParams);
	const { details, chosen, concerned } = await findChosen(context, params.sessionId, chosenIds(searchParams));
	const { id } = details.session;
	return {
		locale,
		...details,
		concerned,
		leftOut: chosen - concerned.length,
		noted: await findNoted(context, concerned),
		back: tabAddress(id, tab),
	};
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const { id: organizerId } = await requireOrganizer(request, context);
	const form = await request.formData();
	const { details, concerned } = await findChosen(context, params.sessionId, chosenIds(form));
	const parsed = parseForm(attendanceForm, form);
	if (!parsed.ok) return data({ errors: parsed.errors, values: parsed.values }, 400);
	const { meeting, seen, duration } = parsed.data;
	const sessionId = details.session.id;
	const meetingIds = meeting === "all" ? details.meetings.map(({ id }) => id) : [meeting];
	const people = concerned.map(({ id }) => id);
	const status = seen === "none" ? null : seen;
	const minutes = status === "partial" ? duration : null;
	const held = details.meetings.filter(({ id }) => meetingIds.includes(id));
	const lasts = Math.min(...held.map((one) => trainingMinutes(one, details.session.breakMinutes)));
	if (minutes !== null && minutes > lasts)
		return data({ errors: { duration: "tooLong" }, values: parsed.values }, 400);
	const asked = { sessionId, meetingIds, people, minutes };
	const recorded = await recordAttendance(context.db, asked, status, organizerId, new Date());
	return redirect(`${tabAddress(sessionId, "confirmed")}&notees=${recorded}`, 303);
}

/** How long the one person chosen was there in part, where that is noted and the same everywhere. */
async function findNoted({ db }: AppContext, people: { id: string }[]): Promise<number | null> {
	const [only, ...others] = people;
	if (!only || others.length > 0) return null;
	const [first, ...rest] = (await listAttendance(db, only.id)).flatMap(({ minutes }) => minutes ?? []);
	return first && rest.every((minutes) => minutes === first) ? first : null;
}

/** The session, how many people were chosen, and those who have a seat: of nobody else is there anything to record. */
async function findChosen(context: AppContext, sessionId: string | undefined, ids: string[]) {
	const details = await findSessionDetails(context.db, idParam(sessionId));
	if (!details) throw notFound();
	const filter = { sessionId: details.session.id, tab: "all" as const, search: "", ids };
	const { rows } = await listAttendees(context.db, filter, 1);
	const concerned = rows.flatMap(({ id, name, email, status }) =>
		status === "confirmed" ? [{ id, name, email }] : [],
	);
	return { details, chosen: rows.length, concerned };
}

export default function OrganizerAttendance() {
	const { locale, session, workshop, meetings, concerned, leftOut, noted, back } =
		useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const t = dictionary(locale);
	const words = t.organizer.attendance;
	const { attendeeList: list } = t.organizer;
	const { sentence, summary } = formErrors(answer?.errors ?? {}, words.errors, [
		"meeting",
		"seen",
		"duration",
	]);
	const title = concerned.length > 0 ? words.title(concerned.length) : list.nobody;
	const whenOf = (of: typeof meetings) => capitalize(formatWhen(of, locale, session.zone), locale);
	return (
		<OrganizerPage locale={locale} title={title} section="sessions" refused={summary.length > 0}>
			<ErrorSummary t={t} errors={summary} />
			<h1>{title}</h1>
			<PlaceHeading locale={locale} session={session} workshop={workshop} meetings={meetings} />
			{concerned.length === 0 ? (
				<p className="actions">
					<a className="button plain" href={back}>
						{list.back}
					</a>
				</p>
			) : (
				<>
					<ul className="prose section">
						{concerned.map(({ id, name, email }) => (
							<li key={id}>
								{orErased(name, locale)} <span className="muted">{email}</span>
							</li>
						))}
					</ul>
					{leftOut > 0 && <p className="section muted">{list.leftOut(leftOut)}</p>}
					<form className="stack section medium" method="post">
						{meetings.length > 1 ? (
							<Choices
								name="meeting"
								legend={words.which}
								error={sentence("meeting")}
								options={[
									{ value: "all", label: words.all },
									...meetings.map((one) => ({ value: one.id, label: whenOf([one]) })),
								]}
							/>
						) : (
							<input type="hidden" name="meeting" value="all" />
						)}
						<Choices
							name="seen"
							legend={words.seen}
							error={sentence("seen")}
							options={(["present", "partial", "absent", "none"] as const).map((value) => ({
								value,
								label: words.choices[value],
							}))}
						/>
						<Field
							t={t}
							name="duration"
							label={words.duration}
							hint={words.durationHint}
							value={answer ? answer.values.duration : noted ? formatDuration(noted) : undefined}
							error={sentence("duration")}
							optional
						/>
						{concerned.map(({ id }) => (
							<input key={id} type="hidden" name="personne" value={id} />
						))}
						<p className="actions">
							<SubmitButton label={words.record} />
							<a className="button plain" href={back}>
								{list.back}
							</a>
						</p>
					</form>
				</>
			)}
		</OrganizerPage>
	);
}
