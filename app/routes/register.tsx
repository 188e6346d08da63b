import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { BillingFields } from "#app/components/billing-fields.tsx";
import { ColleagueRows } from "#app/components/colleague-rows.tsx";
import { DateChoices } from "#app/components/date-choices.tsx";
import { useSite } from "#app/components/document.tsx";
import { ErrorSummary } from "#app/components/error-summary.tsx";
import { Checkbox, Field } from "#app/components/field.tsx";
import { FilledPage } from "#app/components/filled-page.tsx";
import { InLanguage } from "#app/components/in-language.tsx";
import { Page } from "#app/components/page.tsx";
import { QuestionFields } from "#app/components/question-fields.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { type Locale, otherLocale } from "#app/domain/locale.ts";
import { readPeopleList } from "#app/domain/people-list.ts";
import { sessionStatus, takesSignUps } from "#app/domain/session.ts";
import { signToken } from "#app/domain/token.server.ts";
import { slugIn, textIn } from "#app/domain/workshop.ts";
import { answerErrors, givenAnswers, parseAnswers } from "#app/forms/answers-form.ts";
import type { FormValues } from "#app/forms/parse-form.ts";
import {
	type Colleague,
	type ColleagueError,
	colleagueNumbers,
	parseRegister,
	type RegisterError,
	withColleagues,
} from "#app/forms/register-form.ts";
import { newFormKey, readFormKey } from "#app/http/form-key.server.ts";
import { aName, mayName, withinLimit } from "#app/http/rate-limit.server.ts";
import { notFound } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { localeOfPath, paths } from "#app/paths.ts";
import type { SignUp } from "#app/use-cases/register.server.ts";
import { isDatabaseUnavailable } from "#db/client.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { listQuestions, listSignUpQuestions } from "#db/queries/questions.server.ts";
import { countRateSoon } from "#db/queries/rates.server.ts";
import { listWorkshopSessions } from "#db/queries/sessions.server.ts";
import { findPublishedWorkshop } from "#db/queries/workshops.server.ts";

const hourSeconds = 3600;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const url = new URL(request.url);
	const locale = localeOfPath(url.pathname);
	const workshop = await findPublishedWorkshop(context.db, locale, params.slug ?? "");
	if (!workshop) throw notFound();
	const slug = slugIn(workshop, locale);
	if (slug !== params.slug) throw redirect(paths.register(locale, slug) + url.search, 301);

	const now = new Date();
	const sessions = await listWorkshopSessions(context.db, workshop.id, now);
	const { slugFr, slugEn, titleFr, titleEn } = workshop;
	return {
		locale,
		now,
		workshop: { slugFr, slugEn, titleFr, titleEn },
		sessions: sessions.filter((session) => takesSignUps(session, now)),
		questions: await listQuestions(context.db, workshop.id, "registration"),
		date: url.searchParams.get("date"),
		key: newFormKey(context.secrets),
	};
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const locale = localeOfPath(new URL(request.url).pathname);
	const t = dictionary(locale);
	const now = new Date();
	const form = await request.formData();
	const parsed = parseRegister(form);
	const { values } = parsed;
	const again = (status: number, errors: Record<string, string>, key = values.key ?? "") =>
		data({ view: "form" as const, values: { ...values, key }, errors, pasted: null }, status);

	const intent = form.get("intent");
	if (intent === "edit" || intent === "add") return again(200, {});
	if (values.list?.trim()) return preview(values);
	try {
		// Whoever fills the form answers for themselves; one that asked nothing needs no look at the questions.
		const asks = values.asks && !("absent" in values);
		const questions = asks ? await listSignUpQuestions(context.db, locale, params.slug ?? "") : [];
		const { answers, errors } = parseAnswers(questions, values, locale);
		if (!parsed.ok) return again(400, { ...parsed.errors, ...errors });
		if (Object.keys(errors).length > 0) return again(400, errors);
		const key = readFormKey(context.secrets, parsed.data.key, now);
		if (!key) return again(400, { form: "expired" satisfies RegisterError }, newFormKey(context.secrets));
		const { date, news, organization, poNumber, billingAddress, absent } = parsed.data;
		const who = whoComes(parsed.data, locale);
		const named = [who.contact, ...who.people].map(({ email }) => email);
		const most = context.config.bookingsPerHour;
		const fromHere = await withinLimit(context, "booking", most, hourSeconds, now, countRateSoon);
		if (!fromHere) return again(429, { form: "tooMany" satisfies RegisterError });
		const toThem = await mayName(context, named, now, { ...aName, count: countRateSoon });
		if (!toThem) return again(429, { form: "tooManyNamed" satisfies RegisterError });
		const result = await context.registrar.register({
			...date,
			key,
			...who,
			contactAttends: !absent,
			organization,
			poNumber,
			billingAddress,
			newsWording: news ? t.interest.consent((await findFirm(context.db)).name) : null,
			answers: givenAnswers(answers),
		});
		if (result.ok) {
			// Corrected since it was first sent: only the email knows the way.
			if (result.tokenVersion > 1) return redirect(paths.addressCorrected(locale), 303);
			const token = signToken(context.secrets[0], "booking", result.bookingId);
			return redirect(paths.booked(locale, token), 303);
		}
		switch (result.reason) {
			case "full":
				return data({ view: "filled" as const, values, filled: date.sessionId }, 409);
			case "busy":
				return again(503, { form: "busy" satisfies RegisterError });
			case "key-reused":
				return again(409, { form: "keyReused" satisfies RegisterError }, newFormKey(context.secrets));
			default:
				return again(409, { date: refusedDate[result.reason] });
		}
	} catch (error) {
		if (!isDatabaseUnavailable(error)) throw error;
		return again(503, { form: "unavailable" satisfies RegisterError });
	}
}

/** What was pasted becomes rows, to be looked at before anything is sent. */
function preview(values: FormValues) {
	const people = readPeopleList(values.list ?? "");
	const filled = withColleagues(values, people);
	if (filled) return data({ view: "form" as const, values: filled, errors: {}, pasted: people.length });
	const errors = { list: "tooManyPeople" satisfies RegisterError };
	return data({ view: "form" as const, values, errors, pasted: null }, 400);
}

/** The contact, and everyone who wants a seat: the contact first when they attend. */
function whoComes(
	form: { name: string; email: string; organization: string; absent: boolean; colleagues: Colleague[] },
	locale: Locale,
): Pick<SignUp, "contact" | "people"> {
	const { name, email, organization, absent } = form;
	const contact = { name, email, locale };
	const colleagues = form.colleagues.map((one) => ({ ...one, organization, locale: one.locale ?? locale }));
	const [first = { ...contact, organization }, ...others] = absent
		? colleagues
		: [{ ...contact, organization }, ...colleagues];
	return { contact, people: [first, ...others] };
}

const refusedDate = {
	closed: "closed",
	past: "past",
	cancelled: "cancelled",
	"opens-later": "opensLater",
	"unknown-session": "session",
} as const satisfies Record<string, RegisterError>;

export default function Register() {
	const { locale, now, workshop, sessions, questions, date, key } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const site = useSite();
	const t = dictionary(locale);
	const title = textIn(workshop, "title", locale);
	const slug = slugIn(workshop, locale);
	const other = otherLocale(locale);
	const otherSlug = slugIn(workshop, other);
	const frame = { locale, alternate: paths.register(other, otherSlug, date ?? undefined) };
	if (answer?.view === "filled") return <FilledPage {...frame} {...answer} sessions={sessions} />;

	const values: FormValues = answer?.values ?? {};
	const errors: Record<string, string> = answer?.errors ?? {};
	const sentence = (name: string) => {
		const found = errors[name];
		const row = /\d+$/.exec(name)?.[0];
		if (found && row && found in t.register.colleagues.errors)
			return t.register.colleagues.errors[found as ColleagueError](Number(row));
		return found && t.register.errors[found as RegisterError];
	};
	const rows = colleagueNumbers.flatMap((n) => [`name${n}`, `email${n}`]);
	const inOrder = (names: string[]) =>
		names.flatMap((name) => {
			const found = sentence(name);
			return found ? [{ field: name === "form" ? undefined : name, sentence: found }] : [];
		});
	const summary = [
		...inOrder(["form", "date", "name", "email", "organization"]),
		...answerErrors(questions, errors, locale),
		...inOrder([...rows, "list", "poNumber", "billingAddress", "website"]),
	];
	const wanted = values.date ?? date ?? "";
	const waits = sessions.length > 0 && sessions.every((session) => sessionStatus(session, now) === "full");
	const heading = waits ? t.workshop.joinWaitlist : t.register.title;
	const withSeats = sessions.find((session) => sessionStatus(session, now) !== "full");
	const preselected = sessions.find(({ id }) => wanted.endsWith(id)) ?? withSeats ?? sessions[0];
	return (
		<Page {...frame} title={`${heading} · ${title.text}`} refused={summary.length > 0}>
			<ErrorSummary t={t} errors={summary} />
			{answer && answer.pasted !== null && values.intent !== "paste" && (
				<p className="notice" role="status" tabIndex={-1} autoFocus>
					{t.register.colleagues.notSent} {t.register.colleagues.pasted(answer.pasted)}
				</p>
			)}
			<p className="back">
				<a href={paths.workshop(locale, slug)}>
					<InLanguage {...title} locale={locale} />
				</a>
			</p>
			<h1>{heading}</h1>
			{sessions.length === 0 ? (
				<>
					<p className="lede">{t.register.none}</p>
					<p className="actions">
						<a className="button" href={paths.interest(locale)}>
							{t.interest.title}
						</a>
					</p>
				</>
			) : (
				<form className="stack section" method="post" noValidate>
					{/* Enter in a field means the form, not the first button that only adds to it. */}
					<button type="submit" className="unseen" tabIndex={-1} aria-hidden="true" />
					<DateChoices
						locale={locale}
						legend={t.register.which}
						error={sentence("date")}
						sessions={sessions}
						now={now}
						checked={preselected}
						waitlist
					/>
					<Field
						t={t}
						name="name"
						label={t.register.name}
						autoComplete="name"
						value={values.name}
						error={sentence("name")}
					/>
					<Field
						t={t}
						name="email"
						label={t.register.email}
						hint={t.register.emailHint}
						type="email"
						autoComplete="email"
						spellCheck={false}
						value={values.email}
						error={sentence("email")}
					/>
					<Field
						t={t}
						name="organization"
						label={t.register.organization}
						optional
						autoComplete="organization"
						value={values.organization}
						error={sentence("organization")}
					/>
					<QuestionFields locale={locale} questions={questions} values={values} errors={errors} />
					{questions.length > 0 && <input type="hidden" name="asks" value="yes" />}
					<ColleagueRows
						locale={locale}
						values={values}
						sentence={sentence}
						pasted={answer?.pasted ?? null}
					/>
					{sessions.some(({ priceCents }) => priceCents > 0) && (
						<BillingFields locale={locale} values={values} sentence={sentence} />
					)}
					<div className="trap" aria-hidden="true">
						<label htmlFor="website">{t.register.honeypot}</label>
						<input id="website" name="website" tabIndex={-1} autoComplete="off" />
					</div>
					<Checkbox name="news" label={t.interest.consent(site.name)} checked={"news" in values} small />
					<p className="small muted">
						{questions.length > 0 ? t.questions.privacy : t.register.privacy}{" "}
						<a href={paths.privacy(locale)}>{t.register.privacyLink}</a>
					</p>
					<input type="hidden" name="key" value={values.key || key} />
					<div className="sticky">
						<SubmitButton
							label={waits ? heading : t.register.submit}
							pending={waits ? t.register.pendingWaitlist : t.register.pending}
							block
						/>
					</div>
				</form>
			)}
		</Page>
	);
}
