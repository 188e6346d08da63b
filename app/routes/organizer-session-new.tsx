import {
	type ActionFunctionArgs,
	data,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { ErrorSummary } from "#app/components/error-summary.tsx";
import { OrganizerPage } from "#app/components/organizer-page.tsx";
import { SessionForm, sessionFields, withOneMoreMeeting } from "#app/components/session-form.tsx";
import { textIn } from "#app/domain/workshop.ts";
import { formErrors } from "#app/forms/form-errors.ts";
import { parseForm } from "#app/forms/parse-form.ts";
import { sessionForm } from "#app/forms/session-form.server.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam } from "#app/http/params.ts";
import { notFound, privateHeaders } from "#app/http/responses.ts";
import { copiedSessionValues, newSessionValues } from "#app/http/session-values.server.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { scheduleOnce } from "#app/use-cases/schedule-session.server.ts";
import { newId } from "#db/id.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";
import { findWorkshop } from "#db/queries/workshops.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const workshop = await findWorkshop(context.db, idParam(params.workshopId));
	if (!workshop) throw notFound();
	const model = new URL(request.url).searchParams.get("modele");
	const details = model ? await findSessionDetails(context.db, idParam(model)) : undefined;
	const values = details
		? copiedSessionValues(details, locale)
		: newSessionValues(await findFirm(context.db));
	return { locale, workshop, values: { ...values, key: newId() }, now: new Date() };
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context);
	const workshop = await findWorkshop(context.db, idParam(params.workshopId));
	if (!workshop) throw notFound();
	const form = await request.formData();
	const now = new Date();
	const parsed = parseForm(sessionForm(now), form);
	if (form.get("intent") === "add-meeting") {
		return data({ values: withOneMoreMeeting(parsed.values), errors: {} });
	}
	const { values } = parsed;
	if (!parsed.ok) return data({ values, errors: parsed.errors }, 400);
	const { input, key: id = newId() } = parsed.data;
	const made = await scheduleOnce(context.db, id, workshop.id, input, organizer.id, now);
	if (!made.ok) return data({ values: { ...values, key: newId() }, errors: { form: "keyReused" } }, 409);
	return redirect(`${paths.organizer.session(id)}?enregistre`, 303);
}

export default function OrganizerSessionNew() {
	const { locale, workshop, values, now } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const t = dictionary(locale);
	const words = t.organizer.session;
	const order = sessionFields(locale).map(({ name }) => name);
	const { sentence, summary } = formErrors(answer?.errors ?? {}, words.errors, ["form", ...order]);
	return (
		<OrganizerPage locale={locale} title={words.new} section="workshops" refused={summary.length > 0}>
			<ErrorSummary t={t} errors={summary} />
			<p className="eyebrow">
				<a href={paths.organizer.workshop(workshop.id)}>{textIn(workshop, "title", locale).text}</a>
			</p>
			<h1>{words.new}</h1>
			<SessionForm locale={locale} values={answer?.values ?? values} sentence={sentence} now={now} />
		</OrganizerPage>
	);
}
