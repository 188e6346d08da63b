import {
	type ActionFunctionArgs,
	data,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { AnswersForm } from "#app/components/answers-form.tsx";
import { DateWords } from "#app/components/date-words.tsx";
import { useSite } from "#app/components/document.tsx";
import { ErrorSummary } from "#app/components/error-summary.tsx";
import { Field } from "#app/components/field.tsx";
import { DoneNotice } from "#app/components/organizer-page.tsx";
import { Page } from "#app/components/page.tsx";
import { placeRows, seatsOf } from "#app/components/place-rows.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { Ticket } from "#app/components/ticket.tsx";
import { type Locale, otherLocale } from "#app/domain/locale.ts";
import { mayStillAnswer, type Question } from "#app/domain/question.ts";
import { shownStatus, statusAt } from "#app/domain/registration.ts";
import { nextReminder } from "#app/domain/reminder.server.ts";
import { mayStillCancel, tentativeUntil } from "#app/domain/session.ts";
import { signToken } from "#app/domain/token.server.ts";
import { slugIn, textIn } from "#app/domain/workshop.ts";
import { googleCalendarUrl, outlookCalendarUrl } from "#app/exports/links.ts";
import { type CorrectAddressError, correctAddressForm } from "#app/forms/correct-address-form.ts";
import { parseForm } from "#app/forms/parse-form.ts";
import { type RefusedAnswers, takeAnswers } from "#app/http/answers.server.ts";
import { findBookedPage, withoutLink } from "#app/http/own-pages.server.ts";
import { mayName, withinLimitFor } from "#app/http/rate-limit.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { dayAndTime, formatDay, formatTime } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { localeOfPath, paths } from "#app/paths.ts";
import { correctContact, mayCorrectContact } from "#app/use-cases/correct-place.server.ts";
import { findBooking, waitlistPosition } from "#db/queries/bookings.server.ts";
import { listQuestions } from "#db/queries/questions.server.ts";

const correctionsPerHour = 5;

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const found = await findBookedPage(context, params.token);
	const { booking, registrations, details } = found;
	const url = new URL(request.url);
	const own = answering(found);
	const asks = own && mayStillAnswer(details.session, shownStatus(own), new Date());
	const people = registrations.map((person) => ({
		name: person.name,
		status: statusAt(booking.sessionId, person),
	}));
	const seats = seatsOf(booking.sessionId, registrations);
	const waiting = registrations.find((person) => statusAt(booking.sessionId, person) === "waitlisted");
	return {
		locale: localeOfPath(url.pathname),
		token: params.token ?? "",
		...withoutLink(details),
		hasLink: details.session.joinUrl !== "",
		booking: { reference: booking.reference, name: booking.contactName, email: booking.contactEmail },
		people,
		mayCancel: mayStillCancel(details.session, new Date()),
		seats,
		mayCorrect: mayCorrectContact(booking, new Date()),
		isGroup: people.length > 1 || !booking.contactAttends,
		position: waiting ? await waitlistPosition(context.db, waiting) : null,
		minimum: tentativeUntil(details.session, new Date()),
		reminder: nextReminder(details.meetings, details.session, new Date()),
		publicUrl: context.config.publicUrl,
		questions: asks ? await listQuestions(context.db, details.workshop.id, "after") : [],
		answered: url.searchParams.has("reponses"),
		corrected: url.searchParams.has("ok"),
	};
}

/** The first person, who filled the form; nobody where the contact does not attend, or was erased. */
function answering({ booking, registrations }: Awaited<ReturnType<typeof findBookedPage>>) {
	return booking.contactAttends ? registrations.find(({ position }) => position === 1) : undefined;
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const found = await findBookedPage(context, params.token);
	const { booking, details } = found;
	const now = new Date();
	const form = await request.formData();
	const own = answering(found);
	if (own && form.get("intent") === "answers") {
		const locale = localeOfPath(new URL(request.url).pathname);
		const refused = await takeAnswers(context, form, {
			// Whoever already had a place keeps the answers given with it.
			registrationId: own.status === "repeated" ? undefined : own.id,
			subject: booking.id,
			status: shownStatus(own),
			session: details.session,
			questions: await listQuestions(context.db, details.workshop.id, "after"),
			// What was answered before is not shown here: anyone can book with somebody else's address.
			replacesAll: false,
			locale,
			now,
		});
		if (refused) return data({ answers: refused, email: "", error: null }, { status: refused.status });
		return redirect(`${paths.booked(locale, params.token ?? "")}?reponses#answers`, 303);
	}
	const parsed = parseForm(correctAddressForm, form);
	const again = (status: number, error: CorrectAddressError) =>
		data({ email: parsed.values.email ?? "", error, answers: null }, { status });
	if (!parsed.ok) return again(400, parsed.errors.email as CorrectAddressError);
	const within =
		(await withinLimitFor(context, "correct-address", booking.id, correctionsPerHour, 3600, now)) &&
		(await mayName(context, [booking.contactEmail, parsed.data.email], now));
	if (!within) return again(429, "tooMany");
	const result = await correctContact(context.db, context.origin, booking.id, parsed.data.email, now);
	if (!result.ok) return again(409, result.reason === "full" ? "full" : "tooLate");
	context.wake();
	// The address of this page is another one from now on.
	const after = await findBooking(context.db, booking.id);
	const token = signToken(context.secrets[0], "booking", booking.id, after?.booking.tokenVersion);
	return redirect(`${paths.booked(localeOfPath(new URL(request.url).pathname), token)}?ok`, 303);
}

export default function Booked() {
	const refused = useActionData<typeof action>();
	const page = useLoaderData<typeof loader>();
	const {
		locale,
		token,
		session,
		workshop,
		meetings,
		booking,
		people,
		isGroup,
		position,
		reminder,
		publicUrl,
	} = page;
	const { taxNumbers } = useSite();
	const t = dictionary(locale);
	const words = t.booked;
	const title = textIn(workshop, "title", locale);
	const slug = slugIn(workshop, locale);
	const workshopUrl = publicUrl + paths.workshop(locale, slug, session.id);
	const day = formatDay(session.startsAt, locale, session.zone, { year: false });
	const seated = people.filter(({ status }) => status === "confirmed" || status === "offered").length;
	const waiting = people.filter(({ status }) => status === "waitlisted").length;
	const moved = people.some(({ status }) => status === "elsewhere");
	const status = seated > 0 ? "confirmed" : waiting > 0 ? "waitlisted" : moved ? "elsewhere" : "cancelled";
	const lede = words.confirmedLede(day, formatTime(session.startsAt, locale, session.zone));
	const headings = {
		confirmed: { title: isGroup ? words.groupTitle(seated, waiting) : words.confirmedTitle, lede },
		waitlisted: { title: words.waitlistedTitle, lede: words.waitlistedLede(position ?? 1) },
		cancelled: { title: words.cancelledTitle, lede: words.cancelledLede },
		elsewhere: { title: words.movedTitle, lede: words.movedLede },
	};
	const heading =
		session.cancelledAt && status !== "elsewhere"
			? { title: words.sessionCancelledTitle, lede: words.sessionCancelledLede }
			: headings[status];
	const active = (status === "confirmed" || status === "waitlisted") && !session.cancelledAt;
	const sentTo = {
		confirmed: words.sentTo,
		waitlisted: words.sentToWaitlist,
		cancelled: words.mailGoesTo,
		elsewhere: words.mailGoesTo,
	}[status];
	const entry = {
		title: title.text,
		details: workshopUrl,
		location: session.online ? t.online : [session.place, session.address].filter(Boolean).join(", "),
		startsAt: session.startsAt,
		endsAt: session.endsAt,
		zone: session.zone,
	};
	return (
		<Page
			locale={locale}
			title={heading.title}
			refused={Boolean(refused)}
			alternate={paths.booked(otherLocale(locale), token)}
		>
			{refused?.answers && <ErrorSummary t={t} errors={refused.answers.summary} />}
			{refused?.error && (
				<ErrorSummary t={t} errors={[{ field: "email", sentence: words.correct.errors[refused.error] }]} />
			)}
			{page.corrected && !refused && <DoneNotice>{words.correct.done(booking.email)}</DoneNotice>}
			<h1>{heading.title}</h1>
			<p className="lede">
				<DateWords>{heading.lede}</DateWords>
			</p>
			{status === "confirmed" && page.minimum && <p>{t.email.tentative(page.minimum)}</p>}
			<Ticket
				rows={placeRows({
					locale,
					session,
					workshop,
					meetings,
					...booking,
					people: isGroup ? people : undefined,
					moved: status === "elsewhere",
					seated: active && status === "confirmed",
					seats: page.seats,
					taxNumbers,
					onlineWhere: page.hasLink ? words.onlineWhere : words.onlineLater,
				})}
			>
				{people[0]?.status === "confirmed" && active && (
					<>
						<a href={paths.bookedCalendar(locale, token)}>{words.calendar}</a>
						{meetings.length === 1 && (
							<>
								<a href={googleCalendarUrl(entry)}>{words.google}</a>
								<a href={outlookCalendarUrl(entry)}>{words.outlook}</a>
							</>
						)}
					</>
				)}
			</Ticket>
			{active || status === "elsewhere" ? (
				<section className="section">
					<h2>{words.next}</h2>
					<ol className="steps">
						<li>
							{sentTo}
							<b>{booking.email}</b>.
							{(page.mayCorrect || refused?.error) && (
								<CorrectAddress locale={locale} refused={refused?.error ? refused : undefined} />
							)}
						</li>
						{isGroup && active && <li>{words.eachTold}</li>}
						{waiting > 0 && <li>{words.seatFreed}</li>}
						{reminder && status === "confirmed" && (
							<li>{words.reminder(...dayAndTime(reminder, locale, session.zone))}</li>
						)}
						<li>
							{status === "waitlisted" && !isGroup
								? words.changeWaitlist
								: !page.mayCancel && status !== "elsewhere"
									? words.changeLate
									: isGroup
										? words.changeGroup
										: words.change}
						</li>
					</ol>
				</section>
			) : (
				<p className="section">
					<a className="button" href={paths.workshop(locale, slug)}>
						{words.again}
					</a>
				</p>
			)}
			<AfterQuestions {...page} refused={refused?.answers ?? undefined} />
			{active && (
				<section className="section">
					<h2>{words.share}</h2>
					<p className="share">
						<a href={workshopUrl}>{words.shareLink}</a>
						<button
							className="link-button"
							type="button"
							hidden
							data-copy={workshopUrl}
							data-copied={words.copied}
						>
							{words.copy}
						</button>
					</p>
				</section>
			)}
		</Page>
	);
}

function AfterQuestions(props: {
	locale: Locale;
	questions: Question[];
	answered: boolean;
	refused?: RefusedAnswers;
}) {
	const { locale, questions, answered, refused } = props;
	if (questions.length === 0) return null;
	const words = dictionary(locale).questions.after;
	return (
		<section className="section" id="answers">
			<h2>{words.title}</h2>
			{answered && !refused ? (
				<DoneNotice>{words.saved}</DoneNotice>
			) : (
				<>
					<p className="muted">{words.lede}</p>
					<AnswersForm
						locale={locale}
						questions={questions}
						values={refused?.values ?? {}}
						errors={refused?.errors}
						allOptional
						save={words.save}
					/>
				</>
			)}
		</section>
	);
}

function CorrectAddress(props: { locale: Locale; refused?: { email: string; error: CorrectAddressError } }) {
	const { locale, refused } = props;
	const t = dictionary(locale);
	const words = t.booked.correct;
	return (
		<details open={Boolean(refused)}>
			<summary>{words.open}</summary>
			<form className="stack" method="post" noValidate>
				<Field
					t={t}
					name="email"
					label={words.label}
					type="email"
					autoComplete="email"
					spellCheck={false}
					value={refused?.email}
					error={refused && words.errors[refused.error]}
				/>
				<SubmitButton label={words.save} plain />
			</form>
		</details>
	);
}
