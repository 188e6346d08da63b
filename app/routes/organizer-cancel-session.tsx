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
import { Field } from "#app/components/field.tsx";
import { OrganizerPage } from "#app/components/organizer-page.tsx";
import { PlaceHeading } from "#app/components/place-heading.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { locales } from "#app/domain/locale.ts";
import { cancelSessionForm } from "#app/forms/cancel-session-form.ts";
import { formErrors } from "#app/forms/form-errors.ts";
import { parseForm } from "#app/forms/parse-form.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam } from "#app/http/params.ts";
import { notFound, privateHeaders } from "#app/http/responses.ts";
import { capitalize, formatDay, formatWhen } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { cancelSession, listOtherDates } from "#app/use-cases/cancel-session.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const now = new Date();
	const details = await findSessionDetails(context.db, idParam(params.sessionId));
	if (!details) throw notFound();
	const { session } = details;
	if (session.cancelledAt || now >= session.endsAt) throw redirect(paths.organizer.session(session.id));
	return { locale, ...details, others: await listOtherDates(context.db, details, now) };
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context);
	const id = idParam(params.sessionId);
	const parsed = parseForm(cancelSessionForm, await request.formData());
	if (!parsed.ok) return data({ values: parsed.values, errors: parsed.errors }, 400);
	const result = await cancelSession(context.db, context.origin, id, parsed.data, organizer.id, new Date());
	if (!result.ok && result.reason === "unknown") throw notFound();
	context.wake();
	const told = result.ok ? `?dateAnnulee&avisees=${result.told}` : "";
	return redirect(paths.organizer.session(id) + told, 303);
}

export default function OrganizerCancelSession() {
	const { locale, session, workshop, meetings, others } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const t = dictionary(locale);
	const words = t.organizer.cancelSession;
	const { sentence, summary } = formErrors(answer?.errors ?? {}, words.errors, locales);
	const title = words.title(formatDay(session.startsAt, locale, session.zone, { year: false }));
	const people = session.seatsTaken + session.seatsWaiting;
	return (
		<OrganizerPage locale={locale} title={title} section="sessions" refused={summary.length > 0}>
			<ErrorSummary t={t} errors={summary} />
			<h1 className="long">
				<DateWords>{title}</DateWords>
			</h1>
			<PlaceHeading locale={locale} session={session} workshop={workshop} meetings={meetings} />
			<form className="stack section medium" method="post" noValidate>
				<p>
					<strong>{words.told(people)}</strong> {people > 0 && words.ends}
				</p>
				{people > 0 && (
					<>
						<div>
							<h2>{words.others}</h2>
							{others.length === 0 ? (
								<p className="muted">{words.noOthers}</p>
							) : (
								<ul className="plain-list">
									{others.map((other) => (
										<li key={other.id}>
											<DateWords>
												{capitalize(formatWhen(other.meetings, locale, other.zone), locale)}
											</DateWords>
										</li>
									))}
								</ul>
							)}
						</div>
						<fieldset className="stack">
							<legend className="legend large">{words.message}</legend>
							<p className="hint">{words.messageHint}</p>
							{locales.map((lang) => (
								<Field
									key={lang}
									t={t}
									name={lang}
									label={words.in[lang]}
									optional
									rows={4}
									lang={`${lang}-CA`}
									value={answer?.values[lang]}
									error={sentence(lang)}
								/>
							))}
						</fieldset>
					</>
				)}
				<div className="actions">
					<SubmitButton label={words.yes(people)} danger />
					<a className="button plain" href={paths.organizer.session(session.id)}>
						{words.no}
					</a>
				</div>
			</form>
		</OrganizerPage>
	);
}
