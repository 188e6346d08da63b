import {
	type ActionFunctionArgs,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { OrganizerPage } from "#app/components/organizer-page.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { answersKey, attendeeColumns } from "#app/exports/attendee-columns.ts";
import { requireOrganizer, safeReturn } from "#app/http/organizer-auth.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { saveExportColumns } from "#db/queries/organizers.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { locale, exportColumns } = await requireOrganizer(request, context);
	return { locale, chosen: exportColumns, back: safeReturn(new URL(request.url).searchParams.get("to")) };
}

/** No box ticked asks for nothing, so it asks for everything. */
export async function action({ request, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context);
	const ticked = (await request.formData()).getAll("column");
	const known = [...attendeeColumns.map(({ key }) => key), answersKey].filter((key) => ticked.includes(key));
	await saveExportColumns(context.db, organizer.id, known.length > 0 ? known : null);
	return redirect(safeReturn(new URL(request.url).searchParams.get("to")), 303);
}

export default function OrganizerExportColumns() {
	const { locale, chosen, back } = useLoaderData<typeof loader>();
	const words = dictionary(locale).organizer.exportColumns;
	const columns = [
		...attendeeColumns.map(({ key, heading }) => ({ key, label: heading[locale] })),
		{ key: answersKey, label: words.answers },
	];
	return (
		<OrganizerPage locale={locale} title={words.title} section="attendees">
			<h1>{words.title}</h1>
			<p className="lede">{words.lede}</p>
			<form className="section medium" method="post">
				<fieldset>
					<legend className="unseen">{words.title}</legend>
					<div className="pair close">
						{columns.map(({ key, label }) => (
							<label key={key} className="check">
								<input
									type="checkbox"
									name="column"
									value={key}
									defaultChecked={chosen === null || chosen.includes(key)}
								/>
								<span>{label}</span>
							</label>
						))}
					</div>
				</fieldset>
				<p className="actions">
					<SubmitButton label={words.save} />
					<a className="button plain" href={back}>
						{words.back}
					</a>
				</p>
			</form>
		</OrganizerPage>
	);
}
