import {
	type ActionFunctionArgs,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { DoneNotice } from "#app/components/organizer-page.tsx";
import { PasskeyForm } from "#app/components/passkey-form.tsx";
import { SettingsPage } from "#app/components/settings-page.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { browserName } from "#app/domain/organizer.ts";
import { homeZone } from "#app/domain/session.ts";
import { requireOrganizer, thisBrowser } from "#app/http/organizer-auth.server.ts";
import { passkeyCreation, relyingParty } from "#app/http/relying-party.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { formatStamp } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { addPasskey, removePasskey } from "#app/use-cases/passkeys.server.ts";
import { endBrowsers } from "#app/use-cases/sign-in.server.ts";
import { listBrowsers } from "#db/queries/organizers.server.ts";
import { listPasskeys } from "#db/queries/passkeys.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const organizer = await requireOrganizer(request, context, "door");
	const { id, locale, role } = organizer;
	const passkeys = await listPasskeys(context.db, id);
	const here = thisBrowser(request, context);
	const browsers = await listBrowsers(context.db, id, new Date());
	return {
		reader: { locale, role },
		browsers: browsers.map((browser) => ({ ...browser, here: browser.tokenHash === here })),
		passkeys,
		passkey: passkeyCreation(context, organizer, passkeys),
		done: doneOf(request),
	};
}

export async function action({ request, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context, "door");
	const form = await request.formData();
	const now = new Date();
	const done = (what: Done) => redirect(`${paths.organizer.browsers()}?done=${what}`, 303);
	const credential = form.get("credential");
	if (typeof credential === "string") {
		const site = relyingParty(context);
		const userAgent = request.headers.get("User-Agent") ?? "";
		const added = site && (await addPasskey(context.db, site, organizer, credential, userAgent, now));
		return done(added ? "passkeyAdded" : "passkeyNotAdded");
	}
	const passkey = form.get("passkey");
	if (typeof passkey === "string") {
		await removePasskey(context.db, organizer.id, passkey, now);
		return done("passkeyRemoved");
	}
	const only = form.get("browser");
	const which = typeof only === "string" ? { only } : { allBut: thisBrowser(request, context) ?? "" };
	await endBrowsers(context.db, organizer.id, which, now);
	return done("ended");
}

const dones = ["ended", "passkeyAdded", "passkeyNotAdded", "passkeyRemoved"] as const;
type Done = (typeof dones)[number];

function doneOf(request: Request): Done | undefined {
	const asked = new URL(request.url).searchParams.get("done");
	return dones.find((done) => done === asked);
}

export default function OrganizerBrowsers() {
	const { reader, browsers, passkeys, passkey, done } = useLoaderData<typeof loader>();
	const { locale } = reader;
	const words = dictionary(locale).organizer.browsers;
	const own = dictionary(locale).organizer.passkeys;
	const stamp = (at: Date) => formatStamp(at, locale, homeZone);
	return (
		<SettingsPage reader={reader} tab="browsers" before={done && <DoneNotice>{words.done[done]}</DoneNotice>}>
			<p className="section muted">{words.lede}</p>
			<table>
				<caption>{words.title}</caption>
				<thead>
					<tr>
						<th scope="col">{words.browser}</th>
						<th scope="col">{words.since}</th>
						<th scope="col">{words.seen}</th>
						<th scope="col">
							<span className="unseen">{words.actions}</span>
						</th>
					</tr>
				</thead>
				<tbody>
					{browsers.map(({ tokenHash, userAgent, createdAt, seenAt, here }) => (
						<tr key={tokenHash}>
							<th scope="row">{browserName(userAgent) || words.unknown}</th>
							<td className="num" data-label={words.since}>
								{stamp(createdAt)}
							</td>
							<td className="num" data-label={words.seen}>
								{stamp(seenAt)}
							</td>
							<td className="end">
								{here ? (
									<span className="tag ok">{words.here}</span>
								) : (
									<form method="post">
										<button
											type="submit"
											className="link-button"
											name="browser"
											value={tokenHash}
											aria-label={words.endOf(browserName(userAgent) || words.unknown)}
										>
											{words.end}
										</button>
									</form>
								)}
							</td>
						</tr>
					))}
				</tbody>
			</table>
			{browsers.length > 1 && (
				<>
					<form className="actions" method="post">
						<SubmitButton label={words.endOthers} plain />
					</form>
					<p className="section muted">{words.note}</p>
				</>
			)}
			{(passkey || passkeys.length > 0) && (
				<div className="section">
					<h2>{own.title}</h2>
					<p className="muted">{own.lede}</p>
				</div>
			)}
			{passkeys.length > 0 && (
				<table>
					<caption className="unseen">{own.title}</caption>
					<thead>
						<tr>
							<th scope="col">{own.device}</th>
							<th scope="col">{own.added}</th>
							<th scope="col">{own.used}</th>
							<th scope="col">
								<span className="unseen">{words.actions}</span>
							</th>
						</tr>
					</thead>
					<tbody>
						{passkeys.map(({ id, name, createdAt, usedAt }) => (
							<tr key={id}>
								<th scope="row">{name || words.unknown}</th>
								<td className="num" data-label={own.added}>
									{stamp(createdAt)}
								</td>
								<td className="num" data-label={own.used}>
									{usedAt ? stamp(usedAt) : own.never}
								</td>
								<td className="end">
									<form method="post">
										<button
											type="submit"
											className="link-button"
											name="passkey"
											value={id}
											aria-label={own.removeOf(name || words.unknown)}
										>
											{own.remove}
										</button>
									</form>
								</td>
							</tr>
						))}
					</tbody>
				</table>
			)}
			{passkey && <PasskeyForm locale={locale} ceremony="create" options={passkey} label={own.add} />}
		</SettingsPage>
	);
}
