import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { DateWords } from "#app/components/date-words.tsx";
import { ErrorSummary } from "#app/components/error-summary.tsx";
import { Checkbox, Field } from "#app/components/field.tsx";
import { FilledPage } from "#app/components/filled-page.tsx";
import { InLanguage } from "#app/components/in-language.tsx";
import { Page } from "#app/components/page.tsx";
import { SeatsTag } from "#app/components/seats-tag.tsx";
import { HoursAndPlace, type ShownSession } from "#app/components/session-card.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { sessionStatus, takesSignUps } from "#app/domain/session.ts";
import { signToken } from "#app/domain/token.server.ts";
import { textIn } from "#app/domain/workshop.ts";
import { type FormValues, parseForm } from "#app/forms/parse-form.ts";
import { type RegisterError, registerForm } from "#app/forms/register-form.ts";
import { newFormKey, readFormKey } from "#app/http/form-key.server.ts";
import { withinLimit } from "#app/http/rate-limit.server.ts";
import { notFound } from "#app/http/responses.ts";
import { capitalize, formatDay, formatMoney } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { localeOfPath, paths } from "#app/paths.ts";
import { isDatabaseUnavailable } from "#db/client.server.ts";
import { listWorkshopSessions } from "#db/queries/sessions.server.ts";
import { findPublishedWorkshop } from "#db/queries/workshops.server.ts";

const hourSeconds = 3600;
const busySeconds = "5";

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const url = new URL(request.url);
	const locale = localeOfPath(url.pathname);
	const workshop = await findPublishedWorkshop(context.db, locale, params.slug ?? "");
	if (!workshop) throw notFound();
	const slug = locale === "fr" ? workshop.slugFr : workshop.slugEn;
	if (slug !== params.slug) throw redirect(paths.register(locale, slug) + url.search, 301);

	const now = new Date();
	const sessions = await listWorkshopSessions(context.db, workshop.id, now);
	const { slugFr, slugEn, titleFr, titleEn } = workshop;
	return {
		locale,
		now,
		workshop: { slugFr, slugEn, titleFr, titleEn },
		sessions: sessions.filter((session) => takesSignUps(session, now)),
		date: url.searchParams.get("date"),
		key: newFormKey(context.secrets),
	};
}

export async function action({ request, context }: ActionFunctionArgs) {
	const locale = localeOfPath(new URL(request.url).pathname);
	const t = dictionary(locale);
	const now = new Date();
	const form = await request.formData();
	const parsed = parseForm(registerForm, form);
	const { values } = parsed;
	const again = (status: number, errors: Record<string, string>, key = values.key ?? "") =>
		data({ view: "form" as const, values: { ...values, key }, errors }, refusal(status));

	if (form.get("intent") === "edit") return again(200, {});
	if (!parsed.ok) return again(400, parsed.errors);
	const key = readFormKey(context.secrets, parsed.data.key, now);
	if (!key) return again(400, { form: "expired" satisfies RegisterError }, newFormKey(context.secrets));
	try {
		if (!(await withinLimit(context, "booking", context.config.bookingsPerHour, hourSeconds, now))) {
			return again(429, { form: "tooMany" satisfies RegisterError });
		}
		const { date, name, email, organization, news } = parsed.data;
		const result = await context.registrar.register({
			...date,
			key,
			name,
			email,
			organization,
			locale,
			newsWording: news ? t.register.news : null,
		});
		if (result.ok) {
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

const refusedDate = {
	closed: "closed",
	past: "past",
	cancelled: "cancelled",
	"opens-later": "opensLater",
	"unknown-session": "session",
} as const satisfies Record<string, RegisterError>;

function refusal(status: number): ResponseInit {
	return { status, headers: status === 503 || status === 429 ? { "Retry-After": busySeconds } : {} };
}

export default function Register() {
	const { locale, now, workshop, sessions, date, key } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const t = dictionary(locale);
	const title = textIn(workshop, "title", locale);
	const slug = locale === "fr" ? workshop.slugFr : workshop.slugEn;
	const otherLocale = locale === "fr" ? "en" : "fr";
	const otherSlug = otherLocale === "fr" ? workshop.slugFr : workshop.slugEn;
	const frame = { locale, alternate: paths.register(otherLocale, otherSlug, date ?? undefined) };
	if (answer?.view === "filled") return <FilledPage {...frame} {...answer} sessions={sessions} now={now} />;

	const values: FormValues = answer?.values ?? {};
	const errors = answer?.errors ?? {};
	const sentence = (name: string) => {
		const found = errors[name];
		return found && t.register.errors[found as RegisterError];
	};
	const summary = ["form", "date", "name", "email", "organization", "website"].flatMap((name) => {
		const found = sentence(name);
		return found ? [{ field: name === "form" ? undefined : name, sentence: found }] : [];
	});
	const wanted = values.date ?? date ?? "";
	const preselected = sessions.find(({ id }) => wanted.endsWith(id)) ?? sessions[0];
	return (
		<Page {...frame} title={`${t.register.title} · ${title.text}`} refused={summary.length > 0}>
			<ErrorSummary t={t} errors={summary} />
			<p className="back">
				<a href={paths.workshop(locale, slug)}>
					<InLanguage {...title} locale={locale} />
				</a>
			</p>
			<h1>{t.register.title}</h1>
			{sessions.length === 0 ? (
				<p className="lede">{t.register.none}</p>
			) : (
				<form className="stack section" method="post" noValidate>
					<fieldset>
						<legend className="legend">{t.register.which}</legend>
						{sentence("date") && <p className="error">{sentence("date")}</p>}
						<div className="choices">
							{sessions.map((session) => (
								<DateChoice
									key={session.id}
									session={session}
									locale={locale}
									now={now}
									// The error's link in the summary leads to the first date.
									id={session === sessions[0] ? "date" : undefined}
									checked={session === preselected}
								/>
							))}
						</div>
					</fieldset>
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
					<div className="trap" aria-hidden="true">
						<label htmlFor="website">{t.register.honeypot}</label>
						<input id="website" name="website" tabIndex={-1} autoComplete="off" />
					</div>
					<Checkbox name="news" label={t.register.news} checked={"news" in values} />
					<p className="small muted">
						{t.register.privacy} <a href={paths.privacy(locale)}>{t.register.privacyLink}</a>
					</p>
					<input type="hidden" name="key" value={values.key || key} />
					<div className="sticky">
						<SubmitButton label={t.register.submit} pending={t.register.pending} block />
					</div>
				</form>
			)}
		</Page>
	);
}

function DateChoice(props: {
	session: ShownSession;
	locale: "fr" | "en";
	now: Date;
	id?: string;
	checked: boolean;
}) {
	const { session, locale, now, id, checked } = props;
	const t = dictionary(locale);
	const full = sessionStatus(session, now) === "full";
	const day = capitalize(formatDay(session.startsAt, locale, session.zone, { year: false }), locale);
	const price = session.priceCents > 0 ? ` · ${t.price(formatMoney(session.priceCents, locale))}` : "";
	return (
		<label className="choice">
			<input
				type="radio"
				name="date"
				id={id}
				value={full ? `waitlist:${session.id}` : session.id}
				defaultChecked={checked}
			/>
			<span>
				<DateWords>{day}</DateWords>
				<small>
					<HoursAndPlace session={session} locale={locale} />
					{price}
				</small>
			</span>
			<SeatsTag session={session} locale={locale} now={now} short />
		</label>
	);
}
