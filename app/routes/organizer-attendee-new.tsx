import { randomUUID } from "node:crypto";
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
import { Checkbox, Field, Select } from "#app/components/field.tsx";
import { OrganizerPage } from "#app/components/organizer-page.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { locales } from "#app/domain/locale.ts";
import { seatsLeft } from "#app/domain/session.ts";
import { textIn } from "#app/domain/workshop.ts";
import { addAttendeeForm } from "#app/forms/attendee-form.ts";
import { formErrors } from "#app/forms/form-errors.ts";
import { parseForm } from "#app/forms/parse-form.ts";
import { tabAddress } from "#app/http/attendee-view.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam } from "#app/http/params.ts";
import { notFound, privateHeaders } from "#app/http/responses.ts";
import { capitalize, formatWhen } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { addAttendees } from "#app/use-cases/add-attendees.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const details = await findSessionDetails(context.db, idParam(params.sessionId));
	if (!details) throw notFound();
	if (details.session.cancelledAt) throw redirect(paths.organizer.session(details.session.id));
	return { locale, ...details, key: randomUUID(), now: new Date() };
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context);
	const sessionId = idParam(params.sessionId);
	const parsed = parseForm(addAttendeeForm, await request.formData());
	const { values } = parsed;
	if (!parsed.ok) return data({ values, errors: parsed.errors }, 400);
	const { notify, overCapacity, key, ...person } = parsed.data;
	const options = { notify, whenFull: overCapacity ? ("exceed" as const) : ("refuse" as const) };
	const { db, origin } = context;
	const result = await addAttendees(db, origin, sessionId, [person], options, organizer, new Date(), key);
	if (!result.ok) {
		if (result.reason === "unknown") throw notFound();
		if (result.reason === "key-reused")
			return data({ values: { ...values, key: randomUUID() }, errors: { form: "keyReused" } }, 409);
		const field = { registered: "email", full: "overCapacity", cancelled: "form" }[result.reason];
		return data({ values, errors: { [field]: result.reason } }, 409);
	}
	context.wake();
	return redirect(`${tabAddress(sessionId, "confirmed")}&ajoutee`, 303);
}

const order = ["form", "name", "email", "locale", "organization", "phone", "note", "overCapacity"];

export default function OrganizerAttendeeNew() {
	const { locale, session, workshop, meetings, key, now } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const t = dictionary(locale);
	const words = t.organizer.attendee;
	const errors: Record<string, string> = answer?.errors ?? {};
	const { sentence, summary } = formErrors(errors, words.errors, order);
	const values: Record<string, string> = answer?.values ?? {
		key,
		locale: session.language,
		...(now < session.startsAt && { notify: "yes" }),
	};
	const field = (name: string) => ({ t, name, value: values[name], error: sentence(name) });
	const { seatsTaken, capacity, seatsWaiting } = session;
	const full = seatsLeft(session) === 0;
	return (
		<OrganizerPage locale={locale} title={words.add} section="sessions" refused={summary.length > 0}>
			<ErrorSummary t={t} errors={summary} />
			<p className="eyebrow">
				<a href={tabAddress(session.id, "confirmed")}>
					{textIn(workshop, "title", locale).text} ·{" "}
					<DateWords>{capitalize(formatWhen(meetings, locale, session.zone), locale)}</DateWords>
				</a>
			</p>
			<div className="heading">
				<h1>{words.add}</h1>
				<p className="also">
					<a href={paths.organizer.importList(session.id)}>{t.organizer.importList.link}</a>
				</p>
			</div>
			<form className="stack section medium" method="post" noValidate>
				<input type="hidden" name="key" value={values.key} />
				<Field {...field("name")} label={words.name} autoComplete="off" />
				<div className="pair">
					<Field
						{...field("email")}
						label={words.email}
						hint={words.emailHint}
						optional
						type="email"
						autoComplete="off"
						spellCheck={false}
					/>
					<Field {...field("phone")} label={words.phone} optional type="tel" autoComplete="off" />
				</div>
				<div className="pair">
					<Field {...field("organization")} label={words.organization} optional autoComplete="off" />
					<Select
						name="locale"
						label={words.language}
						value={values.locale}
						error={sentence("locale")}
						options={locales.map((one) => ({ value: one, label: t.languageName[one] }))}
					/>
				</div>
				<Field {...field("note")} label={words.note} hint={words.noteHint} optional rows={3} />
				<Checkbox name="notify" label={words.notify} checked={"notify" in values} />
				{full && (
					<Checkbox
						name="overCapacity"
						label={words.overCapacity}
						hint={words.full(seatsTaken, capacity, seatsWaiting)}
						checked={"overCapacity" in values}
						error={sentence("overCapacity")}
					/>
				)}
				<SubmitButton label={words.addYes} />
			</form>
		</OrganizerPage>
	);
}
