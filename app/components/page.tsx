import type { ReactNode } from "react";
import { type Locale, otherLocale } from "#app/domain/locale.ts";
import { formatAddress } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { Document, useSite } from "./document.tsx";

/** A public page: masthead with the other language, content, footer. `alternate` is the same page in that language. */
export function Page(props: {
	locale: Locale;
	title: string;
	alternate: string;
	refused?: boolean;
	head?: ReactNode;
	children: ReactNode;
}) {
	const { locale, title, alternate, refused, head, children } = props;
	const t = dictionary(locale);
	const site = useSite();
	const other = otherLocale(locale);
	return (
		<Document locale={locale} title={title} refused={refused} head={head}>
			<header className="wrap masthead">
				<a className="mark" href={paths.list(locale)}>
					{site.name}
				</a>
				<a href={alternate} hrefLang={other} lang={other}>
					{t.otherLanguage}
				</a>
			</header>
			<main id="main" className="wrap" tabIndex={-1}>
				{children}
			</main>
			<footer className="wrap colophon">
				<p>{[site.name, formatAddress(site.postalAddress)].filter(Boolean).join(" · ")}</p>
				<p className="also">
					<a href={paths.lostLink(locale)}>{t.footer.lostLink}</a>
					<a href={paths.privacy(locale)}>{t.footer.privacy}</a>
				</p>
			</footer>
		</Document>
	);
}
