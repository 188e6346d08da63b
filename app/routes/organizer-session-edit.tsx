import {
	type ActionFunctionArgs,
	data,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { DateWords } from "#app/components/date-words.tsx";
import { ErrorSummary } from "#app/components/error-summary.tsx";
import { OrganizerPage } from "#app/components/organizer-page.tsx";
import { SessionForm, sessionFields, withOneMoreMeeting } from "#app/components/session-form.tsx";
import { StoredVersion } from "#app/components/stored-version.tsx";
import { formErrors } from "#app/forms/form-errors.ts";
import { parseForm } from "#app/forms/parse-form.ts";
import { sessionForm } from "#app/forms/session-form.server.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam } from "#app/http/params.ts";
import { notFound, privateHeaders } from "#app/http/responses.ts";
import { sessionValues } from "#app/http/session-values.server.ts";
import { capitalize, formatDay } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { changeSession } from "#app/use-cases/change-session.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const details = await findSessionDetails(context.db, idParam(params.sessionId));
	if (!details) throw notFound();
	const { session } = details;
	if (session.cancelledAt) throw redirect(paths.organizer.session(session.id));
	return { locale, session, values: sessionValues(details, locale), now: new Date() };
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context);
	const id = idParam(params.sessionId);
	const before = await findSessionDetails(context.db, id);
	if (!before) throw notFound();
	const held = before.meetings.map(({ localDate }) => localDate);
	const now = new Date();
	const form = await request.formData();
	const tell = form.has("tell");
	const parsed = parseForm(sessionForm(now, held), form);
	const { values } = parsed;
	if (form.get("intent") === "add-meeting") {
		return data({ values: withOneMoreMeeting(values), errors: {}, stored: null });
	}
	if (!parsed.ok) return data({ values, errors: parsed.errors, stored: null }, 400);

	const { input, revision = 0 } = parsed.data;
	const result = await changeSession(
		context.db,
		context.origin,
		{ id, revision },
		input,
		{ organizerId: organizer.id, tell },
		now,
	);
	if (result.ok) {
		context.wake();
		return redirect(`${paths.organizer.session(id)}?enregistre${tell ? `&avisees=${result.told}` : ""}`, 303);
	}
	if (result.reason === "cancelled") throw redirect(paths.organizer.session(id), 303);
	const details = await findSessionDetails(context.db, id);
	if (!details) throw notFound();
	const stored = sessionValues(details, organizer.locale);
	// Saving again is then a choice made with both versions in sight.
	const again = { ...values, revision: String(details.session.revision) };
	return data({ values: again, errors: { form: "conflict" }, stored }, 409);
}

export default function OrganizerSessionEdit() {
	const { locale, session, values, now } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const t = dictionary(locale);
	const words = t.organizer.session;
	const fields = sessionFields(locale);
	const shown = answer?.values ?? values;
	const { sentence, summary } = formErrors(
		answer?.errors ?? {},
		{ ...words.errors, conflict: words.conflict },
		["form", ...fields.map(({ name }) => name)],
	);
	return (
		<OrganizerPage locale={locale} title={words.edit} section="sessions" refused={summary.length > 0}>
			<ErrorSummary t={t} errors={summary} />
			{answer?.stored && (
				<StoredVersion
					heading={t.organizer.workshops.stored}
					typed={shown}
					stored={answer.stored}
					fields={fields}
				/>
			)}
			<p className="eyebrow">
				<a href={paths.organizer.session(session.id)}>
					<DateWords>{capitalize(formatDay(session.startsAt, locale, session.zone), locale)}</DateWords>
				</a>
			</p>
			<h1>{words.edit}</h1>
			<SessionForm
				locale={locale}
				values={shown}
				sentence={sentence}
				now={now}
				people={session.seatsTaken + session.seatsWaiting}
				waiting={session.seatsWaiting}
			/>
			<p className="section also">
				<a href={paths.organizer.repeatSession(session.id)}>{t.organizer.repeat.link}</a>
				<a href={paths.organizer.newSession(session.workshopId, session.id)}>{words.duplicate}</a>
				<a href={paths.organizer.cancelSession(session.id)}>{t.organizer.cancelSession.link}</a>
			</p>
		</OrganizerPage>
	);
}
