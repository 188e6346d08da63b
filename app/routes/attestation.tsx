import { data, type HeadersFunction, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { DateWords } from "#app/components/date-words.tsx";
import { ErrorSummary } from "#app/components/error-summary.tsx";
import { Field } from "#app/components/field.tsx";
import { Page } from "#app/components/page.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { Ticket } from "#app/components/ticket.tsx";
import { minutesOf, parseSerial, showSerial } from "#app/domain/attestation.ts";
import { otherLocale } from "#app/domain/locale.ts";
import { homeZone } from "#app/domain/session.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { capitalize, formatDay, formatDuration, formatWhen } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { localeOfPath, paths } from "#app/paths.ts";
import { findAttestation } from "#db/queries/attestations.server.ts";

export const headers: HeadersFunction = () => ({ ...privateHeaders, "X-Robots-Tag": "noindex" });

/** What an attestation says, for whoever it was shown to: a number that nobody can guess stands for the paper. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const url = new URL(request.url);
	const locale = localeOfPath(url.pathname);
	const typed = params.serial ?? url.searchParams.get("numero");
	if (typed === null) return { locale, typed: "", asked: false, invalid: false, found: null };
	const serial = parseSerial(typed);
	if (serial && params.serial !== showSerial(serial))
		throw redirect(paths.attestation(locale, showSerial(serial)), 303);
	const attestation = serial ? await findAttestation(context.db, serial) : undefined;
	if (!attestation)
		return data({ locale, typed, asked: true, invalid: !serial, found: null }, serial ? 404 : 400);
	const {
		name,
		title,
		meetings,
		zone,
		trainer,
		firmName,
		accreditationNumber,
		issuedAt,
		endedAt,
		isReplaced,
	} = attestation;
	return {
		locale,
		typed: showSerial(attestation.serial),
		asked: true,
		invalid: false,
		found: {
			name,
			title,
			lang: attestation.locale,
			meetings: meetings.map(({ startsAt, endsAt }) => ({
				startsAt: new Date(startsAt),
				endsAt: new Date(endsAt),
			})),
			minutes: minutesOf(attestation),
			zone,
			trainer,
			firmName,
			accreditationNumber,
			issuedAt,
			endedAt,
			isReplaced,
		},
	};
}

export default function AttestationPage() {
	const { locale, typed, asked, invalid, found } = useLoaderData<typeof loader>();
	const t = dictionary(locale);
	const words = t.attestation;
	const alternate = paths.attestation(otherLocale(locale), found ? typed : "");
	if (!found) {
		const error = invalid ? words.invalid : undefined;
		const title = asked && !invalid ? words.unknown : words.check;
		return (
			<Page locale={locale} title={title} alternate={alternate} refused={invalid}>
				<ErrorSummary t={t} errors={error ? [{ field: "numero", sentence: error }] : []} />
				<h1>{title}</h1>
				<p className="lede">{asked && !invalid ? words.unknownLede : words.checkLede}</p>
				<form className="stack section narrow" action={paths.attestation(locale)}>
					<Field t={t} name="numero" label={words.number} value={typed} error={error} spellCheck={false} />
					<SubmitButton label={words.go} />
				</form>
			</Page>
		);
	}
	const day = (at: Date) => formatDay(at, locale, homeZone);
	const { heading, lede } = found.endedAt
		? found.isReplaced
			? { heading: words.replaced, lede: words.replacedLede(day(found.endedAt)) }
			: { heading: words.ended, lede: words.endedLede(day(found.endedAt)) }
		: { heading: words.genuine, lede: words.genuineLede(found.firmName) };
	const { meetings, zone } = found;
	const rows = [
		{ label: words.participant, value: found.name },
		{ label: words.workshop, value: <span lang={dictionary(found.lang).lang}>{found.title}</span> },
		{
			label: words.dates(meetings.length),
			value: <DateWords>{capitalize(formatWhen(meetings, locale, zone), locale)}</DateWords>,
		},
		{ label: words.duration, value: formatDuration(found.minutes) },
		...(found.trainer ? [{ label: words.trainer, value: found.trainer }] : []),
		{
			label: words.firm,
			value: [found.firmName, found.accreditationNumber && words.accreditation(found.accreditationNumber)]
				.filter(Boolean)
				.join(" · "),
		},
		{ label: words.serial, value: <span className="num">{typed}</span> },
		{ label: words.issued, value: day(found.issuedAt) },
	];
	return (
		<Page locale={locale} title={heading} alternate={alternate}>
			<p className="eyebrow">{words.title}</p>
			<h1>{heading}</h1>
			<p className="lede">{lede}</p>
			<Ticket rows={found.endedAt ? rows.slice(-2) : rows} />
			<p className="section also">
				<a href={paths.attestation(locale)}>{words.another}</a>
			</p>
		</Page>
	);
}
