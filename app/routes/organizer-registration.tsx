import {
	type ActionFunctionArgs,
	data,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { DateWords } from "#app/components/date-words.tsx";
import { useSite } from "#app/components/document.tsx";
import { EmailStatusTag } from "#app/components/email-status-tag.tsx";
import { ErrorSummary } from "#app/components/error-summary.tsx";
import { Field, Select } from "#app/components/field.tsx";
import { History } from "#app/components/history.tsx";
import { DoneNotice, OrganizerPage } from "#app/components/organizer-page.tsx";
import { costRows } from "#app/components/place-rows.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { Ticket } from "#app/components/ticket.tsx";
import { locales } from "#app/domain/locale.ts";
import { labelIn } from "#app/domain/question.ts";
import { showReference } from "#app/domain/reference.ts";
import { textIn } from "#app/domain/workshop.ts";
import { type AttendeeError, correctAttendeeForm, editAttendeeForm } from "#app/forms/attendee-form.ts";
import { formErrors } from "#app/forms/form-errors.ts";
import { type FormValues, parseForm } from "#app/forms/parse-form.ts";
import { tabAddress } from "#app/http/attendee-view.ts";
import type { AppContext } from "#app/http/context.server.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam } from "#app/http/params.ts";
import { notFound, privateHeaders } from "#app/http/responses.ts";
import { billingRows } from "#app/i18n/amounts.ts";
import { answerText } from "#app/i18n/answer.ts";
import { orErased } from "#app/i18n/erased.ts";
import { capitalize, formatDay, formatDuration, formatStamp, formatWhen } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { addressVersionOf, correctPlace, mayCorrectPlace } from "#app/use-cases/correct-place.server.ts";
import { editRegistration, versionOf } from "#app/use-cases/edit-registration.server.ts";
import { mayReconfirm, resendConfirmation } from "#app/use-cases/resend-confirmation.server.ts";
import { isFull, maySeat, seatPerson } from "#app/use-cases/seat-person.server.ts";
import { listAttendance } from "#db/queries/attendance.server.ts";
import { listPlaceHistory, wasMovedFrom } from "#db/queries/audit.server.ts";
import { findBilling } from "#db/queries/bookings.server.ts";
import { listEmailsTo } from "#db/queries/emails.server.ts";
import { listOwnAnswers } from "#db/queries/questions.server.ts";
import { findOfferDeadlines, findRegistration, type PlaceRow } from "#db/queries/registrations.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

type Params = LoaderFunctionArgs["params"];

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { id: organizerId, locale } = await requireOrganizer(request, context);
	const { person, details } = await findPlace(context, params);
	const [billing, emails, history, questions, attendance] = await Promise.all([
		findBilling(context.db, person.bookingId),
		listEmailsTo(context.db, person.id),
		listPlaceHistory(context.db, person),
		listOwnAnswers(context.db, person.id, details.workshop.id),
		listAttendance(context.db, person.id),
	]);
	const answers = questions.flatMap((question) =>
		question.value === null ? [] : [{ question, value: question.value }],
	);
	const { searchParams } = new URL(request.url);
	const done = (["saved", "corrected", "resent", "notResent", "seated", "seatFull", "erased"] as const).find(
		(name) => searchParams.has(name),
	);
	const { session } = details;
	const seatable = maySeat(person, session, new Date());
	const resendable = mayReconfirm(person, details.session);
	const correctable = mayCorrectPlace(person, details.session, { organizerId }, new Date());
	const offer = person.status === "offered" && person.entryId ? [person.entryId] : [];
	const [offeredUntil] = (await findOfferDeadlines(context.db, offer)).values();
	const seen = versionOf(person);
	const addressSeen = addressVersionOf(person);
	return {
		locale,
		person,
		offeredUntil,
		seen,
		addressSeen,
		...details,
		emails,
		history,
		answers,
		attendance,
		billing,
		resendable,
		seatable,
		over: person.status === "waitlisted" && isFull(session),
		correctable,
		begun: new Date() >= session.startsAt,
		done,
	};
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context);
	const { person } = await findPlace(context, params, true);
	const here = paths.organizer.registration(person.sessionId, person.id);
	const form = await request.formData();
	if (form.get("intent") === "resend") {
		const sent = await resendConfirmation(context.db, context.origin, person.id, organizer.id, new Date());
		context.wake();
		return redirect(`${here}?${sent ? "resent" : "notResent"}`, 303);
	}
	if (form.get("intent") === "seat") {
		const by = { organizerId: organizer.id, over: form.has("over") };
		const result = await seatPerson(context.db, context.origin, person.id, by, new Date());
		context.wake();
		const told = result.ok ? "?seated" : result.reason === "full" ? "?seatFull" : "";
		return redirect(here + told, 303);
	}
	if (form.get("intent") === "correct") return correct(context, person, form, organizer.id);
	const parsed = parseForm(editAttendeeForm, form);
	const refused = (values: FormValues, errors: Record<string, string>, status: number) =>
		data({ form: "edit" as const, values, errors }, status);
	if (!parsed.ok) return refused(parsed.values, parsed.errors, 400);
	const { seen, ...edit } = parsed.data;
	const result = await editRegistration(context.db, person.id, edit, seen, organizer.id, new Date());
	if (result.ok) return redirect(`${here}?saved`, 303);
	// The next sending is of what this page now shows.
	const values = { ...parsed.values, seen: versionOf(person) };
	return refused(values, { form: "conflict" satisfies AttendeeError }, 409);
}

/** The address and the language: the person's mail follows, and the links of the earlier address die. */
async function correct(context: AppContext, person: PlaceRow, form: FormData, organizerId: string) {
	const parsed = parseForm(correctAttendeeForm, form);
	const refused = (errors: Record<string, string>, status: number) =>
		data({ form: "correct" as const, values: parsed.values, errors }, status);
	if (!parsed.ok) return refused(parsed.errors, 400);
	const { addressSeen, ...to } = parsed.data;
	if (person.email && !to.email) return refused({ email: "email" satisfies AttendeeError }, 400);
	const by = { organizerId, seen: addressSeen };
	const result = await correctPlace(context.db, context.origin, person.id, to, by, new Date());
	if (result.ok) {
		context.wake();
		return redirect(`${paths.organizer.registration(person.sessionId, person.id)}?corrected`, 303);
	}
	if (result.reason === "conflict") {
		const values: FormValues = { ...parsed.values, addressSeen: addressVersionOf(person) };
		return data(
			{ form: "correct" as const, values, errors: { form: "conflict" satisfies AttendeeError } },
			409,
		);
	}
	if (result.reason === "registered") return refused({ email: "registered" satisfies AttendeeError }, 409);
	return refused({ form: "tooLate" satisfies AttendeeError }, 409);
}

/**
 * The registration; at the address of a date that the person has left, it is looked for where it is. What was typed
 * there goes along: it is about the same person.
 */
async function findPlace(context: AppContext, params: Params, typed = false) {
	const sessionId = idParam(params.sessionId);
	const person = await findRegistration(context.db, idParam(params.registrationId));
	if (!person || person.status === "repeated") throw notFound();
	if (person.sessionId !== sessionId) {
		const along = typed && (await wasMovedFrom(context.db, person.id, sessionId));
		throw redirect(paths.organizer.registration(person.sessionId, person.id), along ? 307 : 302);
	}
	const details = await findSessionDetails(context.db, sessionId);
	if (!details) throw notFound();
	return { person: { ...person, status: person.status }, details };
}

export default function OrganizerRegistration() {
	const { locale, person, session, workshop, meetings, emails, history, answers, ...others } =
		useLoaderData<typeof loader>();
	const {
		offeredUntil,
		seen,
		addressSeen,
		attendance,
		billing,
		resendable,
		seatable,
		over,
		correctable,
		begun,
		done,
	} = others;
	const answer = useActionData<typeof action>();
	const t = dictionary(locale);
	const words = t.organizer.attendee;
	const errors: Record<string, string> = answer?.errors ?? {};
	const { sentence, summary } = formErrors(errors, words.errors, [
		"form",
		"name",
		"sortName",
		"organization",
		"phone",
		"note",
		"email",
		"locale",
	]);
	const { taxNumbers } = useSite();
	const corrected = answer?.form === "correct" ? answer : null;
	const values: FormValues = (answer?.form === "edit" ? answer.values : null) ?? {
		name: person.name,
		sortName: person.sortName,
		organization: person.organization,
		phone: person.phone,
		note: person.note,
		seen,
	};
	const field = (name: string) => ({ t, name, value: values[name], error: sentence(name) });
	const stamp = (at: Date) => formatStamp(at, locale, session.zone);
	const title = textIn(workshop, "title", locale).text;
	const name = orErased(person.name, locale);
	const tab = person.status === "offered" ? "confirmed" : person.status;
	const meetingLabel = (id: string) =>
		meetings.length > 1
			? capitalize(formatDay(meetings.find((one) => one.id === id)!.startsAt, locale, session.zone), locale)
			: t.organizer.attendance.label;
	const deadline = offeredUntil && t.organizer.attendees.offeredUntil(stamp(offeredUntil));
	const rows = [
		{ label: words.status, value: [t.statusWord[person.status], deadline].filter(Boolean).join(", ") },
		{ label: words.email, value: person.email ?? "–" },
		...(person.contactEmail && person.contactEmail !== person.email
			? [{ label: words.contact, value: `${person.contactName} <${person.contactEmail}>` }]
			: []),
		{ label: words.language, value: t.languageName[person.locale] },
		...attendance.map(({ meetingId, status, minutes }) => ({
			label: meetingLabel(meetingId),
			value: [t.organizer.attendance.choices[status], minutes && formatDuration(minutes)]
				.filter(Boolean)
				.join(", "),
		})),
		{ label: words.registered, value: stamp(person.createdAt) },
		...(person.cancelledAt ? [{ label: words.cancelledOn, value: stamp(person.cancelledAt) }] : []),
		...costRows([person], taxNumbers, locale),
		...billingRows(billing, locale),
		{
			label: words.reference,
			value: <span className="reference">{showReference(person.reference)}</span>,
		},
	];
	return (
		<OrganizerPage locale={locale} title={name} section="sessions" refused={summary.length > 0}>
			<ErrorSummary t={t} errors={summary} />
			{done === "seatFull" && !answer && <ErrorSummary t={t} errors={[{ sentence: words.seatFull }]} />}
			{done && done !== "seatFull" && !answer && (
				<DoneNotice>{done === "erased" ? t.organizer.erasing.done : words[done]}</DoneNotice>
			)}
			<p className="eyebrow">
				<a href={tabAddress(session.id, tab)}>
					{title} · <DateWords>{capitalize(formatWhen(meetings, locale, session.zone), locale)}</DateWords>
				</a>
			</p>
			<h1 className="long">{name}</h1>
			<div className="columns">
				<div>
					<Ticket rows={rows} />
					{seatable && (
						<form className="actions" method="post">
							{over && <input type="hidden" name="over" value="yes" />}
							<SubmitButton label={over ? words.seatOver : words.seat} name="intent" value="seat" />
							{over && (
								<span className="muted">{words.seatOverHint(session.seatsTaken, session.capacity)}</span>
							)}
						</form>
					)}
					<div className="actions">
						{resendable && (
							<form method="post">
								<SubmitButton label={words.resend} name="intent" value="resend" plain />
							</form>
						)}
						{person.name && person.status !== "cancelled" && (
							<a href={paths.organizer.cancelRegistration(session.id, person.id)}>{words.cancel}</a>
						)}
					</div>
					{answers.length > 0 && (
						<section className="section">
							<h2>{words.answers}</h2>
							<dl className="answers">
								{answers.map(({ question, value }) => (
									<div key={question.id}>
										<dt>{labelIn(question, locale).text}</dt>
										<dd>{answerText(question, value, locale)}</dd>
									</div>
								))}
							</dl>
						</section>
					)}
					<section className="section">
						<h2>{words.history}</h2>
						<History rows={history} locale={locale} />
					</section>
					<section className="section">
						<h2>{words.emails}</h2>
						{emails.length === 0 && <p className="muted">{words.noEmails}</p>}
						<ul className="mails">
							{emails.map((email) => (
								<li key={email.id}>
									<a href={paths.organizer.email(email.id)}>{orErased(email.subject, locale)}</a>
									<span className="under">
										<EmailStatusTag status={email.status} locale={locale} />{" "}
										<span className="num">{stamp(email.createdAt)}</span>
									</span>
								</li>
							))}
						</ul>
					</section>
				</div>
				{person.name && (
					<div>
						<form className="stack section" method="post" noValidate>
							<h2>{words.edit}</h2>
							<input type="hidden" name="seen" value={values.seen} />
							<Field {...field("name")} label={words.name} autoComplete="off" />
							<Field
								{...field("sortName")}
								label={words.sortName}
								hint={words.sortNameHint}
								autoComplete="off"
							/>
							<Field {...field("organization")} label={words.organization} optional autoComplete="off" />
							<Field {...field("phone")} label={words.phone} optional type="tel" autoComplete="off" />
							<Field {...field("note")} label={words.note} hint={words.noteHint} optional rows={4} />
							<SubmitButton label={words.save} />
						</form>
						{correctable && (
							<section className="section">
								<details open={corrected !== null}>
									<summary>{words.correct}</summary>
									<form className="stack" method="post" noValidate>
										<Field
											t={t}
											name="email"
											label={words.email}
											hint={
												begun
													? words.correctHintBegun
													: person.email
														? words.correctHint
														: words.correctHintNone
											}
											type="email"
											autoComplete="off"
											spellCheck={false}
											value={corrected ? corrected.values.email : (person.email ?? "")}
											error={sentence("email")}
										/>
										<Select
											name="locale"
											label={words.language}
											value={corrected?.values.locale ?? person.locale}
											options={locales.map((value) => ({ value, label: t.languageName[value] }))}
										/>
										<input
											type="hidden"
											name="addressSeen"
											value={corrected?.values.addressSeen ?? addressSeen}
										/>
										<SubmitButton label={words.correctYes} name="intent" value="correct" plain />
									</form>
								</details>
							</section>
						)}
						<p className="section">
							<a href={paths.organizer.eraseRegistration(session.id, person.id)}>
								{t.organizer.erasing.link}
							</a>
						</p>
					</div>
				)}
			</div>
		</OrganizerPage>
	);
}
