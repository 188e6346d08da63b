import {
	type ActionFunctionArgs,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import type { ReactNode } from "react";
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
			<DeviceTable
				caption={words.title}
				headings={[words.browser, words.since, words.seen, words.actions]}
				rows={browsers.map(({ tokenHash, userAgent, createdAt, seenAt, here }) => {
					const name = browserName(userAgent) || words.unknown;
					const end = { name: "browser", value: tokenHash, label: words.end, about: words.endOf(name) };
					return {
						id: tokenHash,
						name,
						cells: [stamp(createdAt), stamp(seenAt)],
						end: here ? <span className="tag ok">{words.here}</span> : <EndButton {...end} />,
					};
				})}
			/>
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
				<DeviceTable
					caption={own.title}
					headings={[own.device, own.added, own.used, words.actions]}
					rows={passkeys.map(({ id, name: stored, createdAt, usedAt }) => {
						const name = stored || words.unknown;
						const end = { name: "passkey", value: id, label: own.remove, about: own.removeOf(name) };
						return {
							id,
							name,
							cells: [stamp(createdAt), usedAt ? stamp(usedAt) : own.never],
							end: <EndButton {...end} />,
						};
					})}
				/>
			)}
			{passkey && <PasskeyForm locale={locale} ceremony="create" options={passkey} label={own.add} />}
		</SettingsPage>
	);
}

type DeviceRow = { id: string; name: string; cells: [since: string, used: string]; end: ReactNode };

function DeviceTable(props: {
	caption: string;
	headings: [name: string, since: string, used: string, actions: string];
	rows: DeviceRow[];
}) {
	const { caption, headings, rows } = props;
	const [first, since, used, actions] = headings;
	return (
		<table>
			<caption>{caption}</caption>
			<thead>
				<tr>
					<th scope="col">{first}</th>
					<th scope="col">{since}</th>
					<th scope="col">{used}</th>
					<th scope="col">
						<span className="unseen">{actions}</span>
					</th>
				</tr>
			</thead>
			<tbody>
				{rows.map(({ id, name, cells, end }) => (
					<tr key={id}>
						<th scope="row">{name}</th>
						<td className="num" data-label={since}>
							{cells[0]}
						</td>
						<td className="num" data-label={used}>
							{cells[1]}
						</td>
						<td className="end">{end}</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

function EndButton(props: { name: string; value: string; label: string; about: string }) {
	const { name, value, label, about } = props;
	return (
		<form method="post">
			<button type="submit" className="link-button" name={name} value={value} aria-label={about}>
				{label}
			</button>
		</form>
	);
}
