import type { LoaderFunctionArgs } from "@remix-run/node";
import { isRouteErrorResponse, Outlet, useLocation, useRouteError } from "@remix-run/react";
import { otherLocale } from "#app/domain/locale.ts";
import { isDatabaseUnavailable } from "#db/client.server.ts";
import { findMailTrouble } from "#db/queries/emails.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { type Site, useSite } from "./components/document.tsx";
import { Page } from "./components/page.tsx";
import { SubmitButton } from "./components/submit-button.tsx";
import { roleReaches } from "./domain/organizer.ts";
import type { Retry } from "./http/context.server.ts";
import { findSignedIn } from "./http/organizer-auth.server.ts";
import { dictionary } from "./i18n/translate.ts";
import { isPersonalLink, localeOfPath, paths } from "./paths.ts";

/** What every page shows of the firm: its name in the masthead, its address in the footer; to organizers, that mail has stopped. */
export async function loader({ request, context }: LoaderFunctionArgs): Promise<Site> {
	const { publicUrl } = context.config;
	const { nonce } = context;
	try {
		const { name, postalAddress, defaultZone, gstNumber, qstNumber } = await findFirm(context.db);
		const inBackOffice = new URL(request.url).pathname.startsWith(paths.organizer.home());
		const organizer = inBackOffice && (await findSignedIn(request, context));
		const isTold = organizer && roleReaches(organizer.role, "organizer");
		const mailTrouble = isTold ? await findMailTrouble(context.db, new Date()) : null;
		const reader = organizer ? organizer.locale : null;
		const firm = { name, postalAddress, defaultZone, gstNumber, qstNumber };
		return { firm, publicUrl, nonce, reader, mailTrouble };
	} catch (error) {
		if (!isDatabaseUnavailable(error)) throw error;
		// The page about the failure can do without.
		context.databaseUnavailable = true;
		return { firm: null, publicUrl, nonce, reader: null, mailTrouble: null };
	}
}

// The nonce is new at each request, and nothing else here is worth asking for again.
export function shouldRevalidate() {
	return false;
}

/** Each page is a whole document: see components/document.tsx. */
export default function Root() {
	return <Outlet />;
}

/** Every refusal and every failure, as a page that says what happened and where to go. */
export function ErrorBoundary() {
	const error = useRouteError();
	const path = useLocation().pathname;
	const { reader } = useSite();
	const locale = reader ?? localeOfPath(path);
	const words = dictionary(locale).refused;
	const status = isRouteErrorResponse(error) ? error.status : 500;
	const retry = isRouteErrorResponse(error) ? (error.data as { retry?: Retry } | null)?.retry : undefined;
	// Its token was replaced by another, in a newer email.
	const deadLink = status === 404 && isPersonalLink(path);
	const { title, text } = deadLink
		? words.link
		: status in words
			? words[status as Exclude<keyof typeof words, "home" | "sessions" | "kept" | "link" | "retry">]
			: words[500];
	return (
		<Page
			locale={locale}
			title={title}
			alternate={paths.list(otherLocale(locale))}
			head={
				<>
					<meta name="robots" content="noindex" />
					{/* Where the dates are shown in a frame of another site, the way on leads out of it. */}
					<base target="_top" />
				</>
			}
		>
			<h1>{title}</h1>
			<p className="lede">{retry ? words.kept : text}</p>
			{retry && (
				<form className="section" method="post" action={retry.action}>
					{retry.fields.map(([name, value]) => (
						<input key={name} type="hidden" name={name} value={value} />
					))}
					<SubmitButton label={words.retry} />
				</form>
			)}
			<p className="actions">
				{deadLink && (
					<a className="button" href={paths.lostLink(locale)}>
						{dictionary(locale).lostLink.title}
					</a>
				)}
				<a
					className={retry || deadLink ? undefined : "button"}
					href={reader ? paths.organizer.home() : paths.list(locale)}
				>
					{reader ? words.sessions : words.home}
				</a>
			</p>
		</Page>
	);
}
