import { randomUUID } from "node:crypto";
import {
	type ActionFunctionArgs,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { DateWords } from "#app/components/date-words.tsx";
import { OrganizerPage } from "#app/components/organizer-page.tsx";
import { PlaceHeading } from "#app/components/place-heading.tsx";
import { SeatsTag } from "#app/components/seats-tag.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import type { DeedKind } from "#app/domain/deed.ts";
import { isErased } from "#app/domain/registration.ts";
import { attendeeView, chosenIds, tabAddress } from "#app/http/attendee-view.ts";
import type { AppContext } from "#app/http/context.server.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam, optionalId } from "#app/http/params.ts";
import { notFound, privateHeaders, refused } from "#app/http/responses.ts";
import { orErased } from "#app/i18n/erased.ts";
import { capitalize, formatWhen } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { planDeed } from "#app/use-cases/chosen-deeds.server.ts";
import { mayReconfirm } from "#app/use-cases/resend-confirmation.server.ts";
import { listAttendees } from "#db/queries/attendees.server.ts";
import { findSessionDetails, listWorkshopSessions } from "#db/queries/sessions.server.ts";

/** What can be done to several people at once, as an address says it. */
const deeds = {
	annuler: { kind: "cancel", words: { title: "cancelTitle", lede: "cancelLede", yes: "cancelYes" } },
	deplacer: { kind: "move", words: { title: "moveTitle", lede: "moveLede", yes: "moveYes" } },
	renvoyer: { kind: "resend", words: { title: "resendTitle", lede: "resendLede", yes: "resendYes" } },
} as const satisfies Record<string, { kind: DeedKind; words: Record<string, string> }>;
type DeedName = keyof typeof deeds;

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const { searchParams } = new URL(request.url);
	const { deed, details, chosen, concerned } = await findChosen(context, params.sessionId, searchParams);
	const { tab = "confirmed" } = attendeeView(searchParams);
	const back = tabAddress(details.session.id, tab);
	const now = new Date();
	const dates = deed === "deplacer" ? await listWorkshopSessions(context.db, details.workshop.id, now) : [];
	const others = dates.filter(
		({ id, cancelledAt, startsAt }) => id !== details.session.id && !cancelledAt && startsAt > now,
	);
	return {
		locale,
		now,
		deed,
		back,
		others,
		...details,
		concerned,
		leftOut: chosen.length - concerned.length,
		date: optionalId(searchParams.get("date")),
		key: randomUUID(),
	};
}

/** Nothing is done at once: the list then says what will be, and offers to undo it. */
export async function action({ request, params, context }: ActionFunctionArgs) {
	const { id: organizerId } = await requireOrganizer(request, context);
	const form = await request.formData();
	const { deed, details, concerned } = await findChosen(context, params.sessionId, form);
	const id = idParam(String(form.get("key")));
	const { kind } = deeds[deed];
	const sessionId = details.session.id;
	const toSessionId = kind === "move" ? idParam(String(form.get("date"))) : null;
	const target = toSessionId && (await findSessionDetails(context.db, toSessionId));
	if (toSessionId && (!target || target.workshop.id !== details.workshop.id)) throw notFound();
	const registrationIds = concerned.map((person) => person.id);
	if (registrationIds.length > 0) {
		const planned = { id, kind, sessionId, toSessionId, registrationIds, organizerId };
		await planDeed(context.db, planned, new Date());
	}
	const { tab = "confirmed" } = attendeeView(new URL(request.url).searchParams);
	return redirect(`${tabAddress(sessionId, tab)}&action=${id}`, 303);
}

/** The session, what is asked, and the people chosen: all of them, and those it can be done to. */
async function findChosen(
	context: AppContext,
	sessionId: string | undefined,
	asked: URLSearchParams | FormData,
) {
	const deed = (Object.keys(deeds) as DeedName[]).find((one) => one === asked.get("quoi"));
	if (!deed) throw refused(400);
	const details = await findSessionDetails(context.db, idParam(sessionId));
	if (!details) throw notFound();
	const filter = { sessionId: details.session.id, tab: "all" as const, search: "", ids: chosenIds(asked) };
	const { rows: chosen } = await listAttendees(context.db, filter, 1);
	const isConcerned = (person: (typeof chosen)[number]) =>
		deed === "renvoyer"
			? mayReconfirm(person, details.session)
			: !isErased(person) && person.status !== "cancelled";
	const concerned = chosen.filter(isConcerned).map(({ id, name, email }) => ({ id, name, email }));
	return { deed, details, chosen, concerned };
}

export default function OrganizerChosen() {
	const { locale, now, deed, back, others, session, workshop, meetings, concerned, leftOut, date, key } =
		useLoaderData<typeof loader>();
	const words = dictionary(locale).organizer.attendeeList;
	const { title, lede, yes } = deeds[deed].words;
	const count = deed === "deplacer" && others.length === 0 ? 0 : concerned.length;
	const wanted = others.some(({ id }) => id === date) ? date : others[0]?.id;
	const none = concerned.length === 0 ? words.nobody : words.moveNowhere;
	return (
		<OrganizerPage locale={locale} title={words[title](count)} section="sessions">
			<h1>{count > 0 ? words[title](count) : none}</h1>
			<PlaceHeading locale={locale} session={session} workshop={workshop} meetings={meetings} />
			{count > 0 && (
				<>
					<p className="section">{words[lede]}</p>
					<ul className="prose section">
						{concerned.map(({ id, name, email }) => (
							<li key={id}>
								{orErased(name, locale)} <span className="muted">{email}</span>
							</li>
						))}
					</ul>
				</>
			)}
			{leftOut > 0 && <p className="section muted">{words.leftOut(leftOut)}</p>}
			<form className="section medium" method="post">
				{deed === "deplacer" && count > 0 && (
					<fieldset>
						<legend className="legend">{words.moveTo}</legend>
						<div className="choices">
							{others.map((other) => (
								<label key={other.id} className="choice">
									<input type="radio" name="date" value={other.id} defaultChecked={other.id === wanted} />
									<span>
										<DateWords>
											{capitalize(formatWhen(other.meetings, locale, other.zone), locale)}
										</DateWords>
										<small>{other.online ? dictionary(locale).online : other.place}</small>
									</span>
									<SeatsTag session={other} locale={locale} now={now} short />
								</label>
							))}
						</div>
					</fieldset>
				)}
				{concerned.map(({ id }) => (
					<input key={id} type="hidden" name="personne" value={id} />
				))}
				<input type="hidden" name="quoi" value={deed} />
				<input type="hidden" name="key" value={key} />
				<p className="actions">
					{count > 0 && <SubmitButton label={words[yes](count)} danger={deed === "annuler"} />}
					<a className="button plain" href={back}>
						{words.back}
					</a>
				</p>
			</form>
		</OrganizerPage>
	);
}
