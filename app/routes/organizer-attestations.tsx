import { randomUUID } from "node:crypto";
import {
	type ActionFunctionArgs,
	data,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { AttestationTable, type Standing } from "#app/components/attestation-table.tsx";
import { DateWords } from "#app/components/date-words.tsx";
import { DeedNotices } from "#app/components/deed-notices.tsx";
import { ErrorSummary } from "#app/components/error-summary.tsx";
import { OrganizerPage } from "#app/components/organizer-page.tsx";
import { Pagination } from "#app/components/pagination.tsx";
import { PlaceHeading } from "#app/components/place-heading.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { attestationDifferences, isCorrection, minutesOf, trainingMinutes } from "#app/domain/attestation.ts";
import { chosenIds } from "#app/http/attendee-view.ts";
import { type ListedParticipant, listDrafts } from "#app/http/attestations.server.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam, optionalId, pageParam } from "#app/http/params.ts";
import { notFound, privateHeaders } from "#app/http/responses.ts";
import { capitalize, formatDay, formatDuration } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { planDeed } from "#app/use-cases/chosen-deeds.server.ts";
import { findUndelivered } from "#db/queries/attestations.server.ts";
import { listDeeds } from "#db/queries/deeds.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const { db } = context;
	const details = await findSessionDetails(db, idParam(params.sessionId));
	if (!details) throw notFound();
	const now = new Date();
	const { searchParams } = new URL(request.url);
	const page = pageParam(searchParams);
	const [{ listed, more }, firm, deeds] = await Promise.all([
		listDrafts(context, details, page),
		findFirm(db),
		listDeeds(db, details.session.id, optionalId(searchParams.get("action"))),
	]);
	const undelivered = await findUndelivered(
		db,
		listed.flatMap(({ inForce }) => inForce?.id ?? []),
	);
	const attestDeeds = deeds.filter(({ kind }) => kind === "attest");
	const waiting = new Set(
		attestDeeds.flatMap(({ state, registrationIds }) => (state === "waiting" ? registrationIds : [])),
	);
	return {
		locale,
		now,
		...details,
		page,
		more,
		people: listed.map((one) => ({
			id: one.person.id,
			// Of whoever was erased, the proof alone says who it is about.
			name: one.person.name || (one.inForce?.name ?? ""),
			organization: one.person.organization,
			...standingOf(one, undelivered, waiting),
		})),
		accreditationNumber: firm.accreditationNumber,
		deeds: attestDeeds,
		key: randomUUID(),
	};
}

/** Nothing is issued at once: the page then says what will be, and offers to undo it. */
export async function action({ request, params, context }: ActionFunctionArgs) {
	const { id: organizerId } = await requireOrganizer(request, context);
	const form = await request.formData();
	const details = await findSessionDetails(context.db, idParam(params.sessionId));
	if (!details) throw notFound();
	const { id: sessionId, endsAt } = details.session;
	const now = new Date();
	const registrationIds = chosenIds(form);
	if (now < endsAt) return redirect(paths.organizer.attestations(sessionId), 303);
	if (registrationIds.length === 0) return data({ nobody: true }, 400);
	const id = idParam(String(form.get("key")));
	const planned = { id, kind: "attest" as const, sessionId, toSessionId: null, registrationIds, organizerId };
	await planDeed(context.db, planned, now);
	const page = pageParam(new URL(request.url).searchParams);
	return redirect(paths.organizer.attestations(sessionId, page, id), 303);
}

function standingOf(
	{ person, draft, inForce }: ListedParticipant,
	undelivered: ReadonlySet<string>,
	waiting: ReadonlySet<string>,
): Standing {
	const waits = waiting.has(person.id);
	const issued = inForce
		? { at: inForce.issuedAt, name: inForce.name, undelivered: undelivered.has(inForce.id) }
		: null;
	if (!draft.ok)
		return { issued, waits, minutes: null, reason: draft.reason, differences: [], isWrong: false };
	const differences = inForce ? attestationDifferences(inForce, draft.text) : [];
	const minutes = minutesOf(draft.text);
	return { issued, waits, minutes, reason: null, differences, isWrong: isCorrection(differences) };
}

export default function OrganizerAttestations() {
	const { deeds, key, accreditationNumber, ...loaded } = useLoaderData<typeof loader>();
	const { locale, now, session, workshop, meetings, people, page, more } = loaded;
	const answer = useActionData<typeof action>();
	const t = dictionary(locale);
	const { attestations: words, attendeeList: list } = t.organizer;
	const day = capitalize(formatDay(session.startsAt, locale, session.zone), locale);
	const isOver = now >= session.endsAt;
	const whole = meetings.reduce((sum, meeting) => sum + trainingMinutes(meeting, session.breakMinutes), 0);
	const hours = [
		words.each(formatDuration(whole)),
		session.breakMinutes > 0 ? words.pauses(formatDuration(session.breakMinutes)) : words.noPauses,
	].join(", ");
	const some = people.some(({ minutes }) => minutes !== null);
	return (
		<OrganizerPage
			locale={locale}
			title={`${words.title} · ${day}`}
			section="sessions"
			refused={Boolean(answer?.nobody)}
		>
			{answer?.nobody && <ErrorSummary t={t} errors={[{ sentence: list.nobody }]} />}
			<DeedNotices deeds={deeds} locale={locale} now={now} />
			<p className="eyebrow">
				<a href={paths.organizer.session(session.id)}>
					<DateWords>{day}</DateWords>
				</a>
			</p>
			<h1>{words.title}</h1>
			<PlaceHeading locale={locale} session={session} workshop={workshop} meetings={meetings} />
			<ul className="section plain-list">
				<li>
					{hours}. <a href={paths.organizer.editSession(session.id)}>{words.change}</a>
				</li>
				<li>
					{accreditationNumber ? (
						words.accreditation(accreditationNumber)
					) : (
						<a href={paths.organizer.settings()}>{words.noAccreditation}</a>
					)}
				</li>
			</ul>
			{people.length === 0 && <p className="empty">{words.nobody}</p>}
			{people.length > 0 && !isOver && (
				<p className="notice">
					<DateWords>
						{words.later(formatDay(session.endsAt, locale, session.zone, { year: false }))}
					</DateWords>
				</p>
			)}
			{people.length > 0 && isOver && (
				<form className="section" method="post">
					<input type="hidden" name="key" value={key} />
					<p className="also">
						{some && <a href={paths.organizer.attestationsPdf(session.id, page, true)}>{words.preview}</a>}
						{people.some(({ issued }) => issued) && (
							<a href={paths.organizer.attestationsPdf(session.id, page)}>{words.all}</a>
						)}
					</p>
					<AttestationTable people={people} session={session} locale={locale} />
					<p className="section">{words.lede}</p>
					<p className="hint">{words.issueHint}</p>
					<p className="actions close">
						<SubmitButton label={words.issue} />
					</p>
				</form>
			)}
			<Pagination
				locale={locale}
				page={page}
				pages={null}
				more={more}
				href={(n) => paths.organizer.attestations(session.id, n)}
			/>
		</OrganizerPage>
	);
}
