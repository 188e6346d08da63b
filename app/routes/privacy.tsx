import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Page } from "#app/components/page.tsx";
import { SocialHead } from "#app/components/social-head.tsx";
import { otherLocale } from "#app/domain/locale.ts";
import { formatAddress } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { localeOfPath, paths } from "#app/paths.ts";
import { isReadBySoftware } from "#db/queries/api-tokens.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";

export async function loader({ request, context }: LoaderFunctionArgs) {
	const [firm, software] = await Promise.all([findFirm(context.db), isReadBySoftware(context.db)]);
	return { locale: localeOfPath(new URL(request.url).pathname), firm, software };
}

/** The notice at collection (Loi 25, RLRQ c. P-39.1, art. 8). */
export default function Privacy() {
	const { locale, firm, software } = useLoaderData<typeof loader>();
	const t = dictionary(locale);
	const words = t.privacy;
	const officer = (locale === "en" && firm.privacyOfficerEn) || firm.privacyOfficerFr;
	const officerEmail = firm.privacyEmail || firm.email;
	return (
		<Page
			locale={locale}
			title={words.title}
			alternate={paths.privacy(otherLocale(locale))}
			head={
				<SocialHead
					locale={locale}
					title={words.title}
					description={words.lede(firm.name)}
					fr={paths.privacy("fr")}
					en={paths.privacy("en")}
				/>
			}
		>
			<h1>{words.title}</h1>
			<p className="lede">{words.lede(firm.name)}</p>
			<div className="prose section">
				<h2>{words.whatTitle}</h2>
				<p>{words.what}</p>
				<p>{words.cookies}</p>
				<h2>{words.whoTitle}</h2>
				<p>{words.who}</p>
				{software && <p>{words.whoSoftware}</p>}
				<h2>{words.whereTitle}</h2>
				<p>{words.where}</p>
				<h2>{words.longTitle}</h2>
				<p>{words.long(firm.retentionMonths)}</p>
				<p>{words.longAttested}</p>
				<p>{words.longAnnounced(firm.retentionMonths)}</p>
				<h2>{words.rightsTitle}</h2>
				<p>{words.rights}</p>
				<h2>{words.officerTitle}</h2>
				<p>{officer || words.officerDefault(firm.name)}</p>
				<p>
					{officerEmail ? (
						<a className="row-link" href={`mailto:${officerEmail}`}>
							{officerEmail}
						</a>
					) : (
						formatAddress(firm.postalAddress) || words.officerUnreachable
					)}
				</p>
			</div>
		</Page>
	);
}
