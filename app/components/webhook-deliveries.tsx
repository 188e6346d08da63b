import type { Locale } from "#app/domain/locale.ts";
import { homeZone } from "#app/domain/session.ts";
import { textIn } from "#app/domain/workshop.ts";
import { orErased } from "#app/i18n/erased.ts";
import { formatDay, formatStamp } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import type { ListedDelivery } from "#db/queries/webhooks.server.ts";
import { DateWords } from "./date-words.tsx";

const looks = { waiting: "tag", delivered: "tag ok", dead: "tag bad" };

/** What a webhook was told, each with whom it was about and what was answered. */
export function WebhookDeliveries(props: {
	deliveries: ListedDelivery[];
	/** Where one is asked to be sent again; null while nothing is sent. */
	again: string | null;
	locale: Locale;
}) {
	const { deliveries, again, locale } = props;
	const words = dictionary(locale).organizer.webhooks;
	return (
		<table className="section">
			<caption className="unseen">{words.deliveries}</caption>
			<thead>
				<tr>
					<th scope="col">{words.when}</th>
					<th scope="col">{words.what}</th>
					<th scope="col">{words.about}</th>
					<th scope="col">{words.state}</th>
					<th scope="col">
						<span className="unseen">{words.actions}</span>
					</th>
				</tr>
			</thead>
			<tbody>
				{deliveries.map((delivery) => {
					const { id, event, occurredAt, state } = delivery;
					const when = formatStamp(occurredAt, locale, homeZone);
					return (
						<tr key={id}>
							<td className="num nowrap">{when}</td>
							<td>{words.events[event] ?? event}</td>
							<td>
								<About delivery={delivery} locale={locale} />
							</td>
							<td>
								<span className={looks[state]}>{words.deliveryStates[state]}</span>
								<span className="under">{whatCameBack(delivery, locale)}</span>
							</td>
							<td className="end">
								{again && (state !== "waiting" || delivery.attempts > 0) && (
									<form method="post" action={again}>
										<input type="hidden" name="intent" value="again" />
										<button
											type="submit"
											className="link-button"
											name="delivery"
											value={id}
											aria-label={words.againOf(words.events[event] ?? event, when)}
										>
											{words.again}
										</button>
									</form>
								)}
							</td>
						</tr>
					);
				})}
			</tbody>
		</table>
	);
}

/** « L’outil a répondu 500 · 3 essais, prochain 23 nov., 14 h 05 ». It may have had another address then. */
function whatCameBack(delivery: ListedDelivery, locale: Locale): string {
	const { state, attempts, lastStatus, lastFailure, dueAt } = delivery;
	const words = dictionary(locale).organizer.webhooks;
	const answer = lastStatus ? words.answered(lastStatus) : lastFailure && words.failures[lastFailure];
	const tries = [
		...(attempts > 1 || state !== "delivered" ? [words.tries(attempts)] : []),
		...(state === "waiting" && attempts > 0 ? [words.next(formatStamp(dueAt, locale, homeZone))] : []),
	];
	return [...(answer ? [`${words.tool} ${answer}`] : []), ...(attempts > 0 ? [tries.join(", ")] : [])]
		.filter(Boolean)
		.join(" · ");
}

function About({ delivery, locale }: { delivery: ListedDelivery; locale: Locale }) {
	const { registrationId, personName, placeStatus, sessionId, startsAt, zone, titleFr, titleEn } = delivery;
	if (!sessionId || !startsAt || !zone || titleFr === null || titleEn === null) return null;
	return (
		<>
			{registrationId &&
				personName !== null &&
				(placeStatus === "repeated" ? (
					<b>{orErased(personName, locale)}</b>
				) : (
					<a className="row-link" href={paths.organizer.registration(sessionId, registrationId)}>
						{orErased(personName, locale)}
					</a>
				))}
			<span className="under">
				{textIn({ titleFr, titleEn }, "title", locale).text},{" "}
				<a href={paths.organizer.session(sessionId)}>
					<DateWords>{formatDay(startsAt, locale, zone)}</DateWords>
				</a>
			</span>
		</>
	);
}
