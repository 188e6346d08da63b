import type { ReactNode } from "react";
import type { Locale } from "#app/domain/locale.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import type { Firm } from "#db/schema.ts";
import { TextLink } from "./kit.tsx";
import { preferencesUrlPlaceholder, unsubscribeUrlPlaceholder } from "./message.ts";

/**
 * What the law asks at the foot of a message (LCAP, s. 6): why it came, who sends it, where to write to them, and how to
 * stop; in HTML and as lines of text.
 */
export function footerOf(options: {
	firm: Firm;
	publicUrl: string;
	locale: Locale;
	why: string;
	/** The reader's own page; a promotional message can also be stopped at once. */
	links: ("preferences" | "unsubscribe")[];
}): { html: ReactNode; text: string[] } {
	const { firm, publicUrl, locale, why } = options;
	const { footer } = dictionary(locale);
	const colon = locale === "fr" ? "\u00a0:" : ":";
	const sender = [firm.name, firm.postalAddress, firm.email].filter(Boolean).join(" · ");
	const addresses = { preferences: preferencesUrlPlaceholder, unsubscribe: unsubscribeUrlPlaceholder };
	const links = [
		...options.links.map((name) => ({ label: footer[name], url: addresses[name] })),
		{ label: footer.privacy, url: publicUrl + paths.privacy(locale) },
	];
	return {
		html: (
			<>
				<p style={{ margin: "0 0 8px" }}>{why}</p>
				<p style={{ margin: "0 0 8px" }}>{sender}</p>
				<p style={{ margin: 0 }}>
					{links.map(({ label, url }, index) => (
						<span key={url}>
							{index > 0 && " · "}
							<TextLink href={url}>{label}</TextLink>
						</span>
					))}
				</p>
			</>
		),
		text: ["--", why, sender, ...links.map(({ label, url }) => `${label}${colon} ${url}`)],
	};
}
