import {
	type ActionFunctionArgs,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { DateWords } from "#app/components/date-words.tsx";
import { OrganizerPage } from "#app/components/organizer-page.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { textIn } from "#app/domain/workshop.ts";
import { attendeeView, chosenIds, tabAddress } from "#app/http/attendee-view.ts";
import type { AppContext } from "#app/http/context.server.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam } from "#app/http/params.ts";
import { notFound, privateHeaders, refused } from "#app/http/responses.ts";
import { capitalize, formatWhen } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { mayReconfirm, resendConfirmation } from "#app/use-cases/resend-confirmation.server.ts";
import { listAttendees } from "#db/queries/registrations.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";

/** What can be done to several people at once. `done` is what the list then says of them. */
const deeds = {
	annuler: { done: "annulees", words: { title: "cancelTitle", lede: "cancelLede", yes: "cancelYes" } },
	renvoyer: { done: "renvoyees", words: { title: "resendTitle", lede: "resendLede", yes: "resendYes" } },
} as const;
type Deed = keyof typeof deeds;

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const { searchParams } = new URL(request.url);
	const { deed, details, chosen, concerned } = await findChosen(context, params.sessionId, searchParams);
	const { tab = "confirmed" } = attendeeView(searchParams);
	const back = tabAddress(details.session.id, tab);
	return { locale, deed, back, ...details, concerned, leftOut: chosen.length - concerned.length };
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const { id: organizerId } = await requireOrganizer(request, context);
	const form = await request.formData();
	const { deed, details, concerned } = await findChosen(context, params.sessionId, form);
	// One transaction each: a failure in the middle leaves whole registrations, and doing it again does the rest.
	let done = 0;
	for (const { id } of concerned) {
		if (deed === "annuler") {
			const result = await cancelRegistration(context.db, context.origin, id, { organizerId }, new Date());
			if (result.ok) done += 1;
		} else if (await resendConfirmation(context.db, context.origin, id, organizerId, new Date())) done += 1;
	}
	context.wakeMail();
	const { tab = "confirmed" } = attendeeView(new URL(request.url).searchParams);
	return redirect(`${tabAddress(details.session.id, tab)}&${deeds[deed].done}=${done}`, 303);
}

/** The session, what is asked, and the people chosen: all of them, and those it can be done to. */
async function findChosen(
	context: AppContext,
	sessionId: string | undefined,
	asked: URLSearchParams | FormData,
) {
	const deed = asked.get("quoi");
	if (deed !== "annuler" && deed !== "renvoyer") throw refused(400);
	const details = await findSessionDetails(context.db, idParam(sessionId));
	if (!details) throw notFound();
	const filter = { sessionId: details.session.id, tab: "all" as const, search: "", ids: chosenIds(asked) };
	const { rows: chosen } = await listAttendees(context.db, filter, 1);
	const isConcerned = (person: (typeof chosen)[number]) =>
		deed === "annuler" ? person.status !== "cancelled" : mayReconfirm(person, details.session);
	const concerned = chosen.filter(isConcerned).map(({ id, name, email }) => ({ id, name, email }));
	return { deed: deed as Deed, details, chosen, concerned };
}

export default function OrganizerChosen() {
	const { locale, deed, back, session, workshop, meetings, concerned, leftOut } =
		useLoaderData<typeof loader>();
	const words = dictionary(locale).organizer.attendeeList;
	const { title, lede, yes } = deeds[deed].words;
	const count = concerned.length;
	return (
		<OrganizerPage locale={locale} title={words[title](count)} section="sessions">
			<h1>{count > 0 ? words[title](count) : words.nobody}</h1>
			<p className="lede">
				{textIn(workshop, "title", locale).text}
				<br />
				<DateWords>{capitalize(formatWhen(meetings, locale, session.zone), locale)}</DateWords>
			</p>
			{count > 0 && (
				<>
					<p className="section">{words[lede]}</p>
					<ul className="prose section">
						{concerned.map(({ id, name, email }) => (
							<li key={id}>
								{name} <span className="muted">{email}</span>
							</li>
						))}
					</ul>
				</>
			)}
			{leftOut > 0 && <p className="section muted">{words.leftOut(leftOut)}</p>}
			<form className="actions" method="post">
				{concerned.map(({ id }) => (
					<input key={id} type="hidden" name="personne" value={id} />
				))}
				<input type="hidden" name="quoi" value={deed} />
				{count > 0 && <SubmitButton label={words[yes](count)} danger={deed === "annuler"} />}
				<a className="button plain" href={back}>
					{words.back}
				</a>
			</form>
		</OrganizerPage>
	);
}
