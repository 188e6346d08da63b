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
import { ErrorSummary } from "#app/components/error-summary.tsx";
import { GroupList } from "#app/components/group-list.tsx";
import { OwnData } from "#app/components/own-data.tsx";
import { Page } from "#app/components/page.tsx";
import { PlaceHeading } from "#app/components/place-heading.tsx";
import { costRows, seatsOf } from "#app/components/place-rows.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { Ticket } from "#app/components/ticket.tsx";
import { otherLocale } from "#app/domain/locale.ts";
import { mayStillErase, mayStillLeave, shownStatus } from "#app/domain/registration.ts";
import { slugIn } from "#app/domain/workshop.ts";
import { formErrors } from "#app/forms/form-errors.ts";
import { parseForm } from "#app/forms/parse-form.ts";
import { type CorrectPlaceError, correctionForm, groupPersonForm } from "#app/forms/person-form.ts";
import { datesElsewhere, findOwnGroup, wasErased, withoutLink } from "#app/http/own-pages.server.ts";
import { mayName, withinLimitFor } from "#app/http/rate-limit.server.ts";
import { privateHeaders, refused } from "#app/http/responses.ts";
import { billingRows } from "#app/i18n/amounts.ts";
import { formatDeadline } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { localeOfPath, paths } from "#app/paths.ts";
import { answerOffer } from "#app/use-cases/answer-offer.server.ts";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { correctPlace } from "#app/use-cases/correct-place.server.ts";
import { eraseRegistration } from "#app/use-cases/erase-registration.server.ts";
import { findBooking, findOpenOffer } from "#db/queries/bookings.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import type { SessionDetails } from "#db/queries/sessions.server.ts";

const correctionsPerHour = 60;

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const url = new URL(request.url);
	const found = await findOwnGroup(context, params.token);
	const { booking, registrations, details } = found;
	const others = await datesElsewhere(context, found);
	const sessions = sessionsOf([details, ...others]);
	const now = new Date();
	const people = registrations.map((person) => {
		const { id, name, email, locale, sessionId } = person;
		const session = sessions.get(sessionId)!;
		const status = shownStatus(person);
		// Somebody who switched dates is elsewhere than their group.
		const elsewhere = session.id === booking.sessionId ? null : session.startsAt;
		return { id, name, email, locale, status, elsewhere, mayLeave: mayStillLeave(session, status, now) };
	});
	const offered = registrations.find(({ status }) => status === "offered");
	const offer = offered?.entryId ? await findOpenOffer(context.db, offered.entryId) : undefined;
	return {
		locale: localeOfPath(url.pathname),
		token: params.token ?? "",
		...withoutLink(details),
		reference: booking.reference,
		people,
		seats: seatsOf(booking.sessionId, registrations),
		billing: { poNumber: booking.poNumber, billingAddress: booking.billingAddress },
		heldUntil: offer?.expiresAt ?? null,
		mayErase: mayEraseAll(registrations, sessions, now),
		contactEmail: (await findFirm(context.db)).email,
		saved: url.searchParams.has("ok"),
	};
}

type Found = Awaited<ReturnType<typeof findOwnGroup>>;

function sessionsOf(dates: SessionDetails[]) {
	return new Map(dates.map(({ session }) => [session.id, session]));
}

function mayEraseAll(
	registrations: Found["registrations"],
	sessions: ReturnType<typeof sessionsOf>,
	now: Date,
): boolean {
	return registrations.every((person) =>
		mayStillErase(sessions.get(person.sessionId)!, shownStatus(person), now),
	);
}

/** Nobody outside the group can be named: whoever is picked is looked for among its people. */
export async function action({ request, params, context }: ActionFunctionArgs) {
	const token = params.token ?? "";
	const locale = localeOfPath(new URL(request.url).pathname);
	// Sent twice, it is done once, and answered the same.
	if (await wasErased(context, "group", token)) return redirect(paths.erased(locale), 303);
	const found = await findOwnGroup(context, token);
	const { booking, registrations, details } = found;
	const { db, origin } = context;
	const now = new Date();
	const form = await request.formData();
	const picked = registrations.filter(({ id }) => form.getAll("person").includes(id));
	const done = () => {
		context.wake();
		return redirect(`${paths.group(locale, token)}?ok`, 303);
	};

	switch (form.get("intent")) {
		case "ask":
			if (picked.length === 0) return data({ view: "nobody" as const }, { status: 400 });
			return data({ view: "ask" as const, picked: picked.map(({ id, name }) => ({ id, name })) });
		case "cancel":
			for (const person of picked) {
				const result = await cancelRegistration(db, origin, person.id, { attendee: true }, now);
				if (!result.ok) return data({ view: "tooLate" as const }, { status: 409 });
			}
			return done();
		case "ask-erase":
			return data({
				view: "ask-erase" as const,
				picked: registrations.map(({ id, name }) => ({ id, name })),
			});
		case "erase":
			// All of them or nobody.
			if (!mayEraseAll(registrations, sessionsOf([details, ...(await datesElsewhere(context, found))]), now))
				return data({ view: "tooLate" as const }, { status: 409 });
			for (const person of registrations)
				await eraseRegistration(db, origin, person.id, { attendee: true, alone: true }, now);
			context.wake();
			return redirect(paths.erased(locale), 303);
		case "accept":
			for (const person of registrations.filter((one) => shownStatus(one) === "offered")) {
				const answer = picked.includes(person) ? "accept" : "decline";
				const result = await answerOffer(db, origin, person.id, answer, now);
				if (!result.ok) return data({ view: "offerOver" as const }, { status: 409 });
			}
			return done();
		case "correct": {
			const [person] = picked;
			if (!person) throw refused(400);
			const { values, ...parsed } = parseForm(correctionForm(groupPersonForm, person.name), form);
			const again = (status: number, errors: Record<string, string>) =>
				data({ view: "correct" as const, id: person.id, values, errors }, { status });
			if (!parsed.ok) return again(400, parsed.errors);
			const within =
				(await withinLimitFor(context, "correct-group", booking.id, correctionsPerHour, 3600, now)) &&
				(await mayName(context, [person.email, parsed.data.email], now));
			if (!within) return again(429, { form: "tooMany" satisfies CorrectPlaceError });
			const result = await correctPlace(db, origin, person.id, parsed.data, { attendee: true }, now);
			const error: CorrectPlaceError | null = result.ok
				? null
				: result.reason === "full"
					? "full"
					: "tooLate";
			if (error) return again(409, { form: error });
			context.wake();
			// The contact who corrects their own address has another link from now on.
			const after = await findBooking(db, booking.id);
			return after?.booking.tokenVersion === booking.tokenVersion
				? done()
				: redirect(paths.addressCorrected(locale), 303);
		}
		default:
			throw refused(400);
	}
}

export default function Group() {
	const page = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const { locale, token, people, heldUntil, saved, session, workshop } = page;
	const t = dictionary(locale);
	const words = t.group;
	const frame = { locale, alternate: paths.group(otherLocale(locale), token) };
	if (answer?.view === "ask") {
		const title = words.cancelTitle(answer.picked.length);
		return (
			<Page {...frame} title={title}>
				<h1>{title}</h1>
				<PlaceHeading {...page} />
				<ul className="section">
					{answer.picked.map(({ id, name }) => (
						<li key={id}>
							<b>{name}</b>
						</li>
					))}
				</ul>
				<p className="section">{words.cancelLede}</p>
				<form className="actions" method="post">
					{answer.picked.map(({ id }) => (
						<input key={id} type="hidden" name="person" value={id} />
					))}
					<SubmitButton label={words.cancelYes} name="intent" value="cancel" danger />
					<a className="button plain" href={paths.group(locale, token)}>
						{words.cancelNo}
					</a>
				</form>
			</Page>
		);
	}
	if (answer?.view === "ask-erase") {
		return (
			<Page {...frame} title={words.eraseTitle}>
				<h1>{words.eraseTitle}</h1>
				<PlaceHeading {...page} />
				<ul className="section">
					{answer.picked.map(({ id, name }) => (
						<li key={id}>
							<b>{name}</b>
						</li>
					))}
				</ul>
				<div className="section prose">
					<p>{words.eraseLede}</p>
					<p>{t.ownData.goneLink}</p>
				</div>
				<form className="actions" method="post">
					<SubmitButton label={t.ownData.eraseYes} name="intent" value="erase" danger />
					<a className="button plain" href={paths.group(locale, token)}>
						{t.ownData.eraseNo}
					</a>
				</form>
			</Page>
		);
	}
	const corrected = answer?.view === "correct" ? answer : null;
	const found = formErrors(corrected?.errors ?? {}, t.manage.correct.errors, ["form", "name", "email"]);
	const refusal = {
		nobody: words.chooseSomebody,
		tooLate: words.tooLate,
		offerOver: t.manage.offerOver,
		correct: null,
	}[answer?.view ?? "correct"];
	const summary = refusal ? [{ sentence: refusal }] : found.summary;
	const count = (status: string) => people.filter((one) => !one.elsewhere && one.status === status).length;
	const seated = count("confirmed");
	const waiting = count("waitlisted");
	const offered = count("offered");
	const nobody = seated + waiting + offered === 0;
	const moved = people.some(({ status, elsewhere }) => elsewhere && status !== "cancelled");
	const emptyTitle = session.cancelledAt
		? t.booked.sessionCancelledTitle
		: moved
			? t.booked.movedTitle
			: words.none;
	const offerAlone = seated + waiting === 0 && offered > 0;
	const heading = nobody
		? emptyTitle
		: offerAlone
			? words.offerTitle(offered)
			: t.booked.groupTitle(seated, waiting, offered);
	const slug = slugIn(workshop, locale);
	return (
		<Page {...frame} title={words.title} refused={summary.length > 0}>
			<ErrorSummary t={t} errors={summary} />
			{saved && !answer && (
				<p className="notice ok" role="status">
					{t.manage.saved}
				</p>
			)}
			<h1>{heading}</h1>
			<PlaceHeading {...page} />
			{session.cancelledAt && (
				<p className="section">
					{!nobody && `${t.booked.sessionCancelledTitle}. `}
					{t.manage.sessionCancelledLede}
				</p>
			)}
			{(session.cancelledAt || (nobody && !moved)) && (
				<p className="actions">
					<a className="button" href={paths.workshop(locale, slug)}>
						{t.manage.registerAgain}
					</a>
				</p>
			)}
			{heldUntil && (
				<section className="section">
					{!offerAlone && <h2>{words.offerTitle(offered)}</h2>}
					<p>
						<DateWords>{t.manage.held(formatDeadline(heldUntil, locale, session.zone))}</DateWords>{" "}
						{words.offerHint}
					</p>
					<form method="post">
						{people
							.filter(({ status }) => status === "offered")
							.map(({ id, name }) => (
								<label key={id} className="check">
									<input type="checkbox" name="person" value={id} defaultChecked />
									<span>{name}</span>
								</label>
							))}
						<div className="actions">
							<SubmitButton label={words.accept} name="intent" value="accept" />
						</div>
					</form>
				</section>
			)}
			<GroupList {...page} zone={session.zone} corrected={corrected} sentence={found.sentence} />
			<Invoice {...page} />
			<OwnData
				{...page}
				fileOf={(format) => paths.groupData(locale, token, format)}
				lede={words.dataLede}
				erase={
					<form method="post">
						<SubmitButton label={words.erase} name="intent" value="ask-erase" plain />
					</form>
				}
			/>
		</Page>
	);
}

/** What the seats cost in all, and what is to stand on the invoice. */
function Invoice({ locale, seats, billing }: ReturnType<typeof useLoaderData<typeof loader>>) {
	const { taxNumbers } = useSite();
	const rows = [...costRows(seats, taxNumbers, locale), ...billingRows(billing, locale)];
	if (rows.length === 0) return null;
	return (
		<section className="section">
			<h2>{dictionary(locale).register.billing}</h2>
			<Ticket rows={rows} />
		</section>
	);
}
