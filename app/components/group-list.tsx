import type { Locale } from "#app/domain/locale.ts";
import type { ShownStatus } from "#app/domain/registration.ts";
import type { FormValues } from "#app/forms/parse-form.ts";
import { capitalize, formatDay } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { DateWords } from "./date-words.tsx";
import { PersonFields } from "./person-fields.tsx";
import { StatusTag } from "./status-tag.tsx";
import { SubmitButton } from "./submit-button.tsx";
import { WriteUs } from "./write-us.tsx";

type GroupPerson = {
	id: string;
	name: string;
	email: string | null;
	locale: Locale;
	status: ShownStatus;
	/** When their date is, if it is not the group's. */
	elsewhere: Date | null;
	mayLeave: boolean;
};

const picks = "picks";

/** The people of a group: each with a box to pick them, and a form to correct them. */
export function GroupList(props: {
	locale: Locale;
	zone: string;
	people: GroupPerson[];
	/** The form that was refused, with what was typed. */
	corrected: { id: string; values: FormValues } | null;
	sentence(name: string): string | undefined;
	contactEmail: string;
}) {
	const { locale, zone, people, corrected, sentence, contactEmail } = props;
	const t = dictionary(locale);
	const words = t.group;
	const hold = people.some(({ status }) => status !== "cancelled");
	const mayLeave = people.some((person) => person.mayLeave);
	return (
		<section className="section">
			<h2>{words.people}</h2>
			{mayLeave ? (
				<p className="muted">{words.lede}</p>
			) : (
				hold && (
					<p className="muted">
						{words.ledeLate} {t.manage.tooLate} <WriteUs locale={locale} contactEmail={contactEmail} />
					</p>
				)
			)}
			<ul className="choices-list">
				{people.map((person) => {
					const NameRow = person.mayLeave ? "label" : "div";
					const active = person.status !== "cancelled";
					const refused = corrected?.id === person.id ? corrected : null;
					const values = refused?.values ?? { ...person, email: person.email ?? "" };
					return (
						<li key={person.id} className="member">
							<NameRow className="check">
								{person.mayLeave && (
									<input
										type="checkbox"
										name="person"
										value={person.id}
										form={picks}
										aria-label={words.pick(person.name)}
									/>
								)}
								<span>
									<b>{person.name}</b> <StatusTag status={person.status} locale={locale} />
								</span>
							</NameRow>
							<div>
								{person.elsewhere && (
									<span className="under">
										<DateWords>
											{capitalize(formatDay(person.elsewhere, locale, zone, { year: false }), locale)}
										</DateWords>
									</span>
								)}
								<span className="under">{person.email ?? words.noEmail}</span>
								{active && (
									<details open={Boolean(refused)}>
										<summary>{words.correct}</summary>
										<form className="stack" method="post" noValidate>
											<input type="hidden" name="person" value={person.id} />
											<PersonFields
												locale={locale}
												prefix={refused ? "" : `${person.id}-`}
												words={{ ...t.manage.correct, emailHint: undefined }}
												values={{
													name: values.name ?? "",
													email: values.email ?? "",
													locale: values.locale ?? "",
												}}
												sentence={refused ? sentence : () => undefined}
											/>
											<SubmitButton label={t.manage.correct.submit} name="intent" value="correct" plain />
										</form>
									</details>
								)}
							</div>
						</li>
					);
				})}
			</ul>
			{mayLeave && (
				<form className="actions" id={picks} method="post">
					<SubmitButton label={words.cancel} name="intent" value="ask" plain />
				</form>
			)}
		</section>
	);
}
