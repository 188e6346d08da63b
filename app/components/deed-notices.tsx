import { type DeedPhase, deedPhase } from "#app/domain/deed.ts";
import type { Locale } from "#app/domain/locale.ts";
import { orErased } from "#app/i18n/erased.ts";
import { formatList } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import type { ListedDeed } from "#db/queries/deeds.server.ts";
import { DoneNotice } from "./organizer-page.tsx";
import { SubmitButton } from "./submit-button.tsx";

/** What is about to be done to several people, with the button that stops it, and what has just been done. */
export function DeedNotices({ deeds, locale, now }: { deeds: ListedDeed[]; locale: Locale; now: Date }) {
	const phased = deeds.map((deed) => ({ deed, phase: deedPhase(deed, now) }));
	const isWaiting = (phase: DeedPhase) => phase === "undoable" || phase === "under-way";
	const waiting = phased.filter(({ phase }) => isWaiting(phase));
	return (
		<>
			{phased
				.filter(({ phase }) => !isWaiting(phase))
				.map(({ deed, phase }) => (
					<Ended key={deed.id} deed={deed} phase={phase} locale={locale} />
				))}
			{waiting.length > 0 && (
				<div aria-live="polite" data-live="5">
					{waiting.map(({ deed, phase }) => (
						<Waiting key={deed.id} deed={deed} phase={phase} locale={locale} now={now} />
					))}
				</div>
			)}
		</>
	);
}

type OneDeed = { deed: ListedDeed; phase: DeedPhase; locale: Locale };

function Waiting({ deed, phase, locale, now }: OneDeed & { now: Date }) {
	const words = dictionary(locale).organizer.deeds;
	const seconds = Math.max(1, Math.ceil((deed.dueAt.getTime() - now.getTime()) / 1000));
	const undoable = phase === "undoable";
	return (
		<section className="notice" aria-labelledby={`deed-${deed.id}`}>
			<h2 id={`deed-${deed.id}`}>
				{undoable ? words.waiting[deed.kind](deed.registrationIds.length, seconds) : words.underWay}
			</h2>
			<p>{undoable ? words.nothingYet(deed.organizerName) : words.soon}</p>
			<form className="actions close" method="post" action={paths.organizer.deed(deed.id)}>
				{undoable && <SubmitButton label={words.undo} plain />}
				<a href={paths.organizer.session(deed.sessionId, deed.id)}>{words.refresh}</a>
			</form>
		</section>
	);
}

function Ended({ deed, phase, locale }: OneDeed) {
	const { deeds: words, attendeeList: list } = dictionary(locale).organizer;
	const { kind, failedNames, registrationIds, toSessionId, sessionId } = deed;
	if (phase === "stopped") return <DoneNotice>{words.stopped}</DoneNotice>;
	const failed = (failedNames ?? []).map((name) => orErased(name, locale));
	const done = registrationIds.filter((id) => !deed.failedIds.includes(id));
	const sentence = {
		cancel: list.cancelled,
		move: list.moved,
		resend: list.resent,
		attest: list.attested,
	}[kind](done.length);
	return (
		<section className="notice" role="status">
			{done.length > 0 && <h2>{sentence}</h2>}
			{failed.length > 0 && (
				<p>
					{words.notDone[kind]} {formatList(failed, locale)}.
				</p>
			)}
			{kind === "move" && toSessionId && done.length > 0 && (
				<p className="also">
					<a href={paths.organizer.session(toSessionId)}>{words.seeDate}</a>
					<a href={paths.organizer.moveBack(toSessionId, sessionId, done)}>{words.moveBack}</a>
				</p>
			)}
		</section>
	);
}
