import type { Locale } from "#app/domain/locale.ts";
import { sessionStatus } from "#app/domain/session.ts";
import { formatDay } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { DateWords } from "./date-words.tsx";
import { Page } from "./page.tsx";
import { HoursAndPlace, type ShownSession } from "./session-card.tsx";
import { SubmitButton } from "./submit-button.tsx";

/**
 * « Cette date vient de se remplir »: the last seat went while this person was typing. Another date or the waitlist is
 * one tap away, with everything typed kept.
 */
export function FilledPage(props: {
	locale: Locale;
	alternate: string;
	values: Record<string, string>;
	/** The session that filled. */
	filled: string;
	sessions: ShownSession[];
	now: Date;
}) {
	const { locale, alternate, values, filled, sessions, now } = props;
	const t = dictionary(locale);
	const session = sessions.find(({ id }) => id === filled);
	const others = sessions.filter((other) => other.id !== filled && sessionStatus(other, now) !== "full");
	const day = (of: ShownSession) => formatDay(of.startsAt, locale, of.zone, { year: false });
	return (
		<Page locale={locale} title={t.filled.title} alternate={alternate}>
			<h1>{t.filled.title}</h1>
			<p className="lede">{session ? <DateWords>{t.filled.lede(day(session))}</DateWords> : t.filled.gone}</p>
			<form className="stack section" method="post">
				{["name", "email", "organization", "news", "key"].map(
					(name) => name in values && <input key={name} type="hidden" name={name} value={values[name]} />,
				)}
				{others.map((other) => (
					<div key={other.id}>
						<SubmitButton
							label={t.filled.take(day(other))}
							pending={t.register.pending}
							name="date"
							value={other.id}
							block
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
							label={t.filled.wait(day(session))}
							pending={t.register.pending}
							name="date"
							value={`waitlist:${session.id}`}
							block
							plain={others.length > 0}
						/>
						<p className="small muted">{t.filled.waitHint}</p>
					</div>
				)}
				<button type="submit" className="link-button" name="intent" value="edit">
					{t.filled.change}
				</button>
			</form>
		</Page>
	);
}
