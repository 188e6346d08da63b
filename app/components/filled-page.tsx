import type { Locale } from "#app/domain/locale.ts";
import { seatsLeft } from "#app/domain/session.ts";
import { partySize } from "#app/forms/register-form.ts";
import { formatDay } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import type { ShownSession } from "#db/queries/sessions.server.ts";
import { DateWords } from "./date-words.tsx";
import { Page } from "./page.tsx";
import { HoursAndPlace } from "./session-card.tsx";
import { SubmitButton } from "./submit-button.tsx";

/** What this page's buttons say instead. */
const chosenHere = ["date", "intent"];

/**
 * « Cette date vient de se remplir »: the last seat went while this person was typing. Another date or the waitlist is
 * one tap away, with everything typed kept. A party larger than the seats left may also be split.
 */
export function FilledPage(props: {
	locale: Locale;
	alternate: string;
	values: Record<string, string>;
	/** The session that filled. */
	filled: string;
	sessions: ShownSession[];
}) {
	const { locale, alternate, values, filled, sessions } = props;
	const t = dictionary(locale);
	const session = sessions.find(({ id }) => id === filled);
	const others = sessions.filter((other) => other.id !== filled && seatsLeft(other) >= partySize(values));
	const people = partySize(values);
	const left = session ? seatsLeft(session) : 0;
	const tooMany = left > 0 && people > left;
	const title = tooMany ? t.filled.partyTitle : t.filled.title;
	const day = (of: ShownSession) => formatDay(of.startsAt, locale, of.zone, { year: false });
	return (
		<Page locale={locale} title={title} alternate={alternate}>
			<h1>{title}</h1>
			<p className="lede">
				{tooMany ? (
					t.filled.party(left, people)
				) : session ? (
					<DateWords>{t.filled.lede(day(session))}</DateWords>
				) : (
					t.filled.gone
				)}
			</p>
			<form className="stack section" method="post">
				{Object.entries(values).map(
					([name, value]) =>
						!chosenHere.includes(name) && <input key={name} type="hidden" name={name} value={value} />,
				)}
				{tooMany && session?.waitlistMode !== "none" && (
					<div>
						<SubmitButton
							label={t.filled.split(left)}
							pending={t.register.pending}
							name="date"
							value={`split:${filled}`}
							block
						/>
						<p className="small muted">{t.filled.splitHint}</p>
					</div>
				)}
				{others.map((other) => (
					<div key={other.id}>
						<SubmitButton
							label={t.filled.take(day(other))}
							pending={t.register.pending}
							name="date"
							value={other.id}
							block
							plain={tooMany}
						/>
						<p className="small muted">
							<HoursAndPlace session={other} locale={locale} />
						</p>
					</div>
				))}
				{others.length === 0 && <p>{t.filled.nothing}</p>}
				{session && session.waitlistMode !== "none" && (
					<div>
						<SubmitButton
							label={tooMany ? t.filled.waitTogether : t.filled.wait(day(session))}
							pending={t.register.pendingWaitlist}
							name="date"
							value={`waitlist:${session.id}`}
							block
							plain={others.length > 0 || tooMany}
						/>
						<p className="small muted">{t.filled.waitHint}</p>
					</div>
				)}
				{/* The date stays the one that was wanted. */}
				<button
					type="submit"
					className="link-button"
					name="intent"
					value="edit"
					formAction={`?date=${filled}`}
				>
					{t.filled.change}
				</button>
			</form>
		</Page>
	);
}
