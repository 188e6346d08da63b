import { scaleLinear } from "d3-scale";
import { area, curveStepAfter, line } from "d3-shape";
import type { DayOfGrowth } from "#app/domain/growth.server.ts";
import type { Locale } from "#app/domain/locale.ts";
import { formatDateShort } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";

const width = 600;
const height = 200;
const inset = 6;

/**
 * How the sessions to come fill, day by day, under the line of what they can hold. The drawing stretches and has no
 * words of its own, so that they stay legible on a phone; its figures are in the table below.
 */
export function GrowthChart(props: { locale: Locale; days: DayOfGrowth[]; capacity: number }) {
	const { locale, days, capacity } = props;
	const words = dictionary(locale).organizer.dashboard;
	const last = days.at(-1);
	const first = days[0];
	if (!first || !last) return null;
	const x = scaleLinear([0, days.length - 1], [0, width - inset]);
	const y = scaleLinear([0, Math.max(capacity, last.total)], [height - 1, inset]);
	const curve = line<DayOfGrowth>(
		(_, index) => x(index),
		({ total }) => y(total),
	).curve(curveStepAfter);
	const surface = area<DayOfGrowth>(
		(_, index) => x(index),
		y(0),
		({ total }) => y(total),
	).curve(curveStepAfter);
	const day = (localDate: string) => formatDateShort(new Date(`${localDate}T12:00:00Z`), locale, "UTC");
	return (
		<figure className="growth">
			<figcaption>
				<h2>{words.growth}</h2>
				<p>
					<b className="num">{last.total}</b> {words.taken(last.total)}
				</p>
			</figcaption>
			<p className="ceiling muted small">{words.seats(capacity)}</p>
			<svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
				<path className="surface" d={surface(days) ?? ""} />
				<path className="ground" d={`M0,${height - 1}H${width}`} />
				<path className="capacity" d={`M0,${y(capacity)}H${width}`} />
				<path className="curve" d={curve(days) ?? ""} />
				<path className="point" d={`M${x(days.length - 1)},${y(last.total)}h0`} />
			</svg>
			<p className="axis muted small">
				<span>{day(first.localDate)}</span>
				<span>{words.today}</span>
			</p>
			<details>
				<summary>{words.figures}</summary>
				<table>
					<caption>{words.growth}</caption>
					<thead>
						<tr>
							<th scope="col">{words.day}</th>
							<th scope="col" className="end">
								{words.added}
							</th>
							<th scope="col" className="end">
								{words.total}
							</th>
						</tr>
					</thead>
					<tbody>
						{days.toReversed().map(({ localDate, added, total }) => (
							<tr key={localDate}>
								<th scope="row">{day(localDate)}</th>
								<td className="end num" data-label={words.added}>
									{added}
								</td>
								<td className="end num" data-label={words.total}>
									{total}
								</td>
							</tr>
						))}
					</tbody>
				</table>
			</details>
		</figure>
	);
}
