import { useSite } from "./document.tsx";

/** What search engines and social sites read of a page that may be indexed. Paths are made absolute. */
export function SocialHead(props: {
	title: string;
	description: string;
	fr: string;
	en: string;
	locale: "fr" | "en";
	/** The path that is shared, where it says more than the canonical one. */
	shared?: string;
	image?: string;
	data?: object | object[];
}) {
	const { title, description, fr, en, locale, shared, image, data } = props;
	const { publicUrl, name } = useSite();
	const here = publicUrl + (locale === "fr" ? fr : en);
	return (
		<>
			<meta name="description" content={description} />
			<link rel="canonical" href={here} />
			<link rel="alternate" hrefLang="fr-CA" href={publicUrl + fr} />
			<link rel="alternate" hrefLang="en-CA" href={publicUrl + en} />
			<link rel="alternate" hrefLang="x-default" href={publicUrl + fr} />
			<meta property="og:site_name" content={name} />
			<meta property="og:type" content="website" />
			<meta property="og:title" content={title} />
			<meta property="og:description" content={description} />
			<meta property="og:url" content={shared ? publicUrl + shared : here} />
			<meta property="og:locale" content={locale === "fr" ? "fr_CA" : "en_CA"} />
			{image && (
				<>
					<meta property="og:image" content={publicUrl + image} />
					<meta property="og:image:width" content="1200" />
					<meta property="og:image:height" content="630" />
					<meta name="twitter:card" content="summary_large_image" />
				</>
			)}
			{data && (
				<script
					type="application/ld+json"
					// Data, not code; `<` is escaped so that no text can end the element.
					dangerouslySetInnerHTML={{ __html: JSON.stringify(data).replaceAll("<", "\\u003c") }}
				/>
			)}
		</>
	);
}
