import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Document } from "#app/components/document.tsx";
import { locales } from "#app/domain/locale.ts";
import { findGallery } from "#app/http/gallery.server.ts";
import { notFound } from "#app/http/responses.ts";
import { paths } from "#app/paths.ts";

/** Every email side by side in both languages, for whoever writes them: in development only. */
export async function loader({ context }: LoaderFunctionArgs) {
	if (context.config.production) throw notFound();
	const emails = await findGallery(context, "fr");
	return Object.keys(emails);
}

export default function DevEmails() {
	const names = useLoaderData<typeof loader>();
	return (
		<Document locale="fr" title="Courriels">
			<main id="main" className="wide">
				<h1>Courriels</h1>
				{names.map((name) => (
					<section key={name} className="section">
						<h2>{name}</h2>
						<div className="columns">
							{locales.map((locale) => (
								<iframe
									key={locale}
									className="mail"
									sandbox=""
									src={paths.devEmail(locale, name)}
									title={`${name} ${locale}`}
								/>
							))}
						</div>
					</section>
				))}
			</main>
		</Document>
	);
}
