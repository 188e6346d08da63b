import {
	type ActionFunctionArgs,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { DateWords } from "#app/components/date-words.tsx";
import { ErrorSummary } from "#app/components/error-summary.tsx";
import { OrganizerPage } from "#app/components/organizer-page.tsx";
import { RepeatForm } from "#app/components/repeat-form.tsx";
import { RepeatPreview } from "#app/components/repeat-preview.tsx";
import { addDays, localDateOf } from "#app/domain/time.server.ts";
import { formErrors } from "#app/forms/form-errors.ts";
import { type FormValues, parseForm } from "#app/forms/parse-form.ts";
import { chosenDates, repeatForm } from "#app/forms/repeat-form.server.ts";
import type { AppContext } from "#app/http/context.server.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam } from "#app/http/params.ts";
import { notFound, privateHeaders } from "#app/http/responses.ts";
import { capitalize, formatDay, formatWhen } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { planRepetition, repeatSession } from "#app/use-cases/repeat-session.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

/** The preview is a page of its own address: nothing is written until its button is pressed. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const model = await findModel(context, params.sessionId);
	const { searchParams } = new URL(request.url);
	const asked = new FormData();
	for (const [name, value] of searchParams) asked.append(name, value);
	const parsed = parseForm(repeatForm, asked);
	const isAsked = searchParams.has("rhythm");
	return {
		locale,
		...model,
		values: isAsked ? parsed.values : firstValues(model.session),
		errors: isAsked && !parsed.ok ? parsed.errors : {},
		plan: parsed.ok ? await planRepetition(context.db, model, parsed.data, new Date()) : null,
		chosenDates,
	};
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context);
	const { session } = await findModel(context, params.sessionId);
	const parsed = parseForm(repeatForm, await request.formData());
	if (!parsed.ok) return redirect(paths.organizer.repeatSession(session.id), 303);
	const made = await repeatSession(context.db, session.id, parsed.data, organizer.id, new Date());
	return redirect(`${paths.organizer.workshop(session.workshopId)}?creees=${made}`, 303);
}

async function findModel(context: AppContext, sessionId: string | undefined) {
	const details = await findSessionDetails(context.db, idParam(sessionId));
	if (!details) throw notFound();
	return details;
}

function firstValues({ startsAt, zone }: { startsAt: Date; zone: string }): FormValues {
	return { rhythm: "7", first: addDays(localDateOf(startsAt, zone), 7), count: "4" };
}

export default function OrganizerSessionRepeat() {
	const { locale, session, meetings, values, errors, plan, chosenDates } = useLoaderData<typeof loader>();
	const t = dictionary(locale);
	const words = t.organizer.repeat;
	const order = ["rhythm", "first", "count", ...chosenDates];
	const { sentence, summary } = formErrors(errors, words.errors, order);
	return (
		<OrganizerPage locale={locale} title={words.title} section="sessions" refused={summary.length > 0}>
			<ErrorSummary t={t} errors={summary} />
			<p className="eyebrow">
				<a href={paths.organizer.session(session.id)}>
					<DateWords>{capitalize(formatDay(session.startsAt, locale, session.zone), locale)}</DateWords>
				</a>
			</p>
			<h1>{words.title}</h1>
			<p className="lede">
				{words.lede}
				<br />
				<DateWords>{capitalize(formatWhen(meetings, locale, session.zone), locale)}</DateWords>
			</p>
			<div className="columns section">
				<RepeatForm locale={locale} values={values} chosenDates={chosenDates} sentence={sentence} />
				{plan && <RepeatPreview locale={locale} plan={plan} values={values} zone={session.zone} />}
			</div>
		</OrganizerPage>
	);
}
