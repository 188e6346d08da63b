import { Scripts, useRouteLoaderData } from "@remix-run/react";
import type { ReactNode } from "react";
import type { Locale } from "#app/domain/locale.ts";
import { homeZone } from "#app/domain/session.ts";
import type { TaxNumbers } from "#app/domain/taxes.ts";
import { dictionary } from "#app/i18n/translate.ts";
import fontUrl from "#app/styles/figtree.woff2?url";
import styleUrl from "#app/styles/index.css?url";
import organizerStyleUrl from "#app/styles/organizer.css?url";
import type { MailTrouble } from "#db/queries/emails.server.ts";

type DocumentProps = {
	locale: Locale;
	title: string;
	/** The form on this page was refused: the title says so first (WCAG 2.2, 3.3.1; SGQRI 008). */
	refused?: boolean;
	/** Whether the page runs React in the browser; the public ones never do. */
	hydrate?: boolean;
	/** Whether the page belongs to the back office, which has a style sheet more. */
	backOffice?: boolean;
	/** What search engines and social sites read; a page without it is not indexed. */
	head?: ReactNode;
	children: ReactNode;
};

/** A whole HTML document. Every route renders one, so that its title, language and scripts are in one place. */
export function Document(props: DocumentProps) {
	const { locale, title, refused = false, hydrate = false, backOffice = false, head, children } = props;
	const t = dictionary(locale);
	const { name, nonce } = useSite();
	return (
		<html lang={t.lang}>
			<head>
				<meta charSet="utf-8" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<title>{`${refused ? t.errorPrefix : ""}${title} · ${name}`}</title>
				{head ?? <meta name="robots" content="noindex" />}
				<meta name="theme-color" content="#fbfaf7" media="(prefers-color-scheme: light)" />
				<meta name="theme-color" content="#121316" media="(prefers-color-scheme: dark)" />
				<link rel="preload" href={fontUrl} as="font" type="font/woff2" crossOrigin="anonymous" />
				<link rel="stylesheet" href={styleUrl} />
				{backOffice && <link rel="stylesheet" href={organizerStyleUrl} />}
				<link rel="icon" href="/favicon.svg" type="image/svg+xml" />
			</head>
			<body>
				<a className="skip" href="#main">
					{t.skip}
				</a>
				{children}
				{hydrate ? <Scripts nonce={nonce} /> : <script type="module" src="/enhance.js" />}
			</body>
		</html>
	);
}

/** What the root's loader reads for every page. */
export type Site = {
	firm: ({ name: string; postalAddress: string; defaultZone: string } & TaxNumbers) | null;
	publicUrl: string;
	nonce: string;
	/** The language of the organizer who reads the back office. */
	reader: Locale | null;
	mailTrouble: MailTrouble | null;
};

/** The firm, as the root's loader read it; a page about a failure may have to do without. */
export function useSite() {
	const site = useRouteLoaderData("root") as Site | undefined;
	return {
		name: site?.firm?.name ?? "Présence",
		postalAddress: site?.firm?.postalAddress ?? "",
		zone: site?.firm?.defaultZone ?? homeZone,
		taxNumbers: { gstNumber: site?.firm?.gstNumber ?? "", qstNumber: site?.firm?.qstNumber ?? "" },
		publicUrl: site?.publicUrl ?? "",
		nonce: site?.nonce,
		reader: site?.reader ?? null,
		mailTrouble: site?.mailTrouble ?? null,
	};
}
