import {
	type ActionFunctionArgs,
	data,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import type { ReactNode } from "react";
import { DateWords } from "#app/components/date-words.tsx";
import { useSite } from "#app/components/document.tsx";
import { DoorCode } from "#app/components/door-code.tsx";
import { ErrorSummary } from "#app/components/error-summary.tsx";
import { OwnAnswers } from "#app/components/own-answers.tsx";
import { OwnData } from "#app/components/own-data.tsx";
import { Page } from "#app/components/page.tsx";
import { PlaceActions } from "#app/components/place-actions.tsx";
import { PlaceHistory } from "#app/components/place-history.tsx";
import { placeRows, seatOf } from "#app/components/place-rows.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { Ticket } from "#app/components/ticket.tsx";
import { hasDoorCode, isDoorOpen } from "#app/domain/door.ts";
import { otherLocale } from "#app/domain/locale.ts";
import { mayStillAnswer } from "#app/domain/question.ts";
import {
	endsWithErasure,
	isContactOf,
	mayStillErase,
	mayStillLeave,
	shownStatus,
} from "#app/domain/registration.ts";
import { mayStillGive, takesSignUps, tentativeUntil } from "#app/domain/session.ts";
import { signCheckIn, signToken } from "#app/domain/token.server.ts";
import { slugIn } from "#app/domain/workshop.ts";
import { qrCode } from "#app/exports/qr-code.server.ts";
import { takeAnswers } from "#app/http/answers.server.ts";
import { findOwnPlace, otherDates } from "#app/http/own-pages.server.ts";
import { privateHeaders, refused } from "#app/http/responses.ts";
import { billingRows } from "#app/i18n/amounts.ts";
import { formatDay, formatDeadline, formatTime } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { localeOfPath, paths } from "#app/paths.ts";
import { answerOffer } from "#app/use-cases/answer-offer.server.ts";
import { returnToWaitlist } from "#app/use-cases/return-to-waitlist.server.ts";
import { findInForce } from "#db/queries/attestations.server.ts";
import { listHistory } from "#db/queries/audit.server.ts";
import { findBilling, findOpenOffer, waitlistPosition } from "#db/queries/bookings.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { listOwnAnswers, listQuestions } from "#db/queries/questions.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const url = new URL(request.url);
	const now = new Date();
	const { registration, details } = await findOwnPlace(context, params.token);
	const { id, name, email, reference, entryId, cancelReason } = registration;
	const { session } = details;
	const status = shownStatus(registration);
	const mayLeave = mayStillLeave(session, status, now);
	const [firm, history, dates, position, offer] = await Promise.all([
		findFirm(context.db),
		listHistory(context.db, id),
		mayLeave ? otherDates(context, details, now) : [],
		status === "waitlisted" ? waitlistPosition(context.db, registration) : null,
		status === "offered" && entryId ? findOpenOffer(context.db, entryId) : undefined,
	]);
	const locale = localeOfPath(url.pathname);
	const calendarToken = signToken(context.secrets[0], "calendar", id, registration.tokenVersion);
	return {
		locale,
		token: params.token ?? "",
		calendarUrl: context.config.publicUrl + paths.ownCalendar(locale, calendarToken),
		...details,
		session: { ...session, joinUrl: status === "confirmed" ? session.joinUrl : "" },
		place: { status, cancelReason, name, email, reference },
		seats: [seatOf(registration)],
		billing: isContactOf(registration) ? await findBilling(context.db, registration.bookingId) : null,
		isOver: now >= session.endsAt,
		position,
		minimum: status === "confirmed" ? tentativeUntil(session, now) : null,
		heldUntil: offer?.expiresAt ?? null,
		dates,
		mayLeave,
		mayErase: mayStillErase(session, status, now),
		endsPlace: endsWithErasure(session, status, now),
		mayGive: status === "confirmed" && mayStillGive(session, now),
		mayReturn: takesSignUps(session, now) && session.waitlistMode !== "none",
		contactEmail: firm.email,
		history,
		doorCode: hasDoorCode(session, status, now)
			? qrCode(signCheckIn(context.secrets[0], registration))
			: null,
		isTheDay: details.meetings.some((meeting) => isDoorOpen(meeting, now)),
		saved: url.searchParams.has("ok"),
		attested: (await findInForce(context.db, session.id, [id])).has(id),
		questions: await listOwnAnswers(context.db, id, details.workshop.id),
		mayAnswer: mayStillAnswer(session, status, now),
		answered: url.searchParams.has("reponses"),
	};
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const token = params.token ?? "";
	const { registration, details } = await findOwnPlace(context, token);
	const { db, origin } = context;
	const now = new Date();
	const form = await request.formData();
	const intent = form.get("intent");
	if (intent === "answers") {
		const locale = localeOfPath(new URL(request.url).pathname);
		const again = await takeAnswers(context, form, {
			registrationId: registration.id,
			subject: registration.id,
			status: shownStatus(registration),
			session: details.session,
			questions: await listQuestions(db, details.workshop.id),
			replacesAll: true,
			locale,
			now,
		});
		if (again) return data({ answers: again, error: null }, { status: again.status });
		return redirect(`${paths.manage(locale, token)}?reponses#answers`, 303);
	}
	if (intent === "back") {
		const result = await returnToWaitlist(db, origin, registration.id, now);
		if (!result.ok) return data({ answers: null, error: "backClosed" as const }, { status: 409 });
	} else {
		const answer = intent === "accept" ? "accept" : intent === "decline" ? "decline" : null;
		if (!answer) throw refused(400);
		const result = await answerOffer(db, origin, registration.id, answer, now);
		if (!result.ok) return data({ answers: null, error: "offerOver" as const }, { status: 409 });
	}
	context.wake();
	return redirect(paths.manage(localeOfPath(new URL(request.url).pathname), token), 303);
}

export default function Manage() {
	const page = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const { locale, token, session, workshop, meetings, place, position, heldUntil, saved } = page;
	const { taxNumbers } = useSite();
	const t = dictionary(locale);
	const words = t.manage;
	const slug = slugIn(workshop, locale);
	const active = place.status !== "cancelled" && !session.cancelledAt;
	const { heading, lede } = headingOf(page);
	const rows = placeRows({
		locale,
		session,
		workshop,
		meetings,
		...place,
		seated: active && place.status === "confirmed",
		seats: page.seats,
		taxNumbers,
		onlineWhere: session.joinUrl ? <a href={session.joinUrl}>{words.join}</a> : t.online,
	});
	const under = rows.findIndex(({ label }) => label === t.booked.under);
	if (place.email) rows.splice(under + 1, 0, { label: words.email, value: place.email });
	if (page.billing) rows.push(...billingRows(page.billing, locale));
	if (position && !page.isOver) {
		const rank = <DateWords>{words.waitlistedPosition(position)}</DateWords>;
		rows.unshift({ label: words.position, value: rank });
	}
	const gaveUp = place.cancelReason === "declined" || place.cancelReason === "lapsed";
	return (
		<Page
			locale={locale}
			title={words.title}
			refused={Boolean(answer)}
			alternate={paths.manage(otherLocale(locale), token)}
		>
			{answer?.error && <ErrorSummary t={t} errors={[{ sentence: words[answer.error] }]} />}
			{answer?.answers && <ErrorSummary t={t} errors={answer.answers.summary} />}
			{saved && !answer && (
				<p className="notice ok" role="status">
					{words.saved}
				</p>
			)}
			<h1>{heading}</h1>
			<p className="lede">{lede}</p>
			{page.minimum && <p>{t.email.tentative(page.minimum)}</p>}
			{active && heldUntil && (
				<form className="actions" method="post">
					<SubmitButton label={words.accept} name="intent" value="accept" />
					<SubmitButton label={words.decline} name="intent" value="decline" plain />
				</form>
			)}
			{!session.cancelledAt && gaveUp && page.mayReturn && (
				<form className="actions" method="post">
					<SubmitButton label={words.back} name="intent" value="back" />
					<span className="muted">{words.backHint}</span>
				</form>
			)}
			<Ticket
				rows={rows}
				head={
					page.doorCode && (
						<DoorCode locale={locale} name={place.name} code={page.doorCode} open={page.isTheDay} />
					)
				}
			>
				{active && !page.isOver && place.status === "confirmed" && (
					<>
						<a href={paths.manageCalendar(locale, token)}>{t.booked.calendar}</a>
						<a href={page.calendarUrl.replace(/^https?:/, "webcal:")}>{words.subscribe}</a>
					</>
				)}
			</Ticket>
			{page.attested && (
				<section className="section">
					<h2>{t.attestation.own}</h2>
					<p>
						<a className="button plain" href={paths.ownAttestation(locale, token)}>
							{t.attestation.download}
						</a>
					</p>
				</section>
			)}
			<OwnAnswers
				locale={locale}
				questions={page.questions}
				mayAnswer={page.mayAnswer}
				saved={page.answered}
				refused={answer?.answers ?? undefined}
			/>
			{active ? (
				<PlaceActions {...page} />
			) : (
				<p className="actions">
					<a
						className={gaveUp && page.mayReturn ? "button plain" : "button"}
						href={paths.workshop(locale, slug)}
					>
						{words.registerAgain}
					</a>
				</p>
			)}
			<PlaceHistory locale={locale} zone={session.zone} history={page.history} />
			<OwnData
				{...page}
				fileOf={(format) => paths.ownData(locale, token, format)}
				lede={t.ownData.lede}
				erase={
					<>
						<a href={paths.placeAction(locale, token, "erase")}>{t.ownData.erase}</a>
						<span className="muted small">
							{page.endsPlace ? t.ownData.eraseHintPlace : t.ownData.eraseHint}
						</span>
					</>
				}
			/>
		</Page>
	);
}

/** The status first, and what it means. */
function headingOf(page: ReturnType<typeof useLoaderData<typeof loader>>): {
	heading: string;
	lede: ReactNode;
} {
	const { locale, session, place, heldUntil, isOver } = page;
	const t = dictionary(locale);
	const words = t.manage;
	if (session.cancelledAt)
		return { heading: t.booked.sessionCancelledTitle, lede: words.sessionCancelledLede };
	if (isOver && place.status !== "cancelled") {
		const day = formatDay(page.meetings.at(-1)!.startsAt, locale, session.zone);
		return { heading: words.over, lede: <DateWords>{words.overLede(day, page.meetings.length)}</DateWords> };
	}
	switch (place.status) {
		case "confirmed": {
			const day = formatDay(session.startsAt, locale, session.zone, { year: false });
			const lede = t.booked.confirmedLede(day, formatTime(session.startsAt, locale, session.zone));
			return { heading: words.confirmed, lede: <DateWords>{lede}</DateWords> };
		}
		case "offered": {
			const deadline = heldUntil && formatDeadline(heldUntil, locale, session.zone);
			return { heading: words.offered, lede: deadline && <DateWords>{words.held(deadline)}</DateWords> };
		}
		case "waitlisted":
			return { heading: words.waitlisted, lede: t.booked.seatFreed };
		case "cancelled":
			switch (place.cancelReason) {
				case "given":
					return { heading: words.given, lede: words.givenLede };
				case "declined":
					return { heading: words.declined, lede: words.lapsedLede };
				case "lapsed":
					return { heading: words.lapsed, lede: words.lapsedLede };
				default:
					return { heading: words.cancelled, lede: words.cancelledLede };
			}
	}
}
