import {
	type ActionFunctionArgs,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { OrganizerPage } from "#app/components/organizer-page.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import type { Locale } from "#app/domain/locale.ts";
import { answersKey, attendeeColumns, listKeys, usualListKeys } from "#app/exports/attendee-columns.ts";
import { requireOrganizer, safeReturn } from "#app/http/organizer-auth.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { saveColumns } from "#db/queries/organizers.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { locale, exportColumns, listColumns } = await requireOrganizer(request, context);
	const back = safeReturn(new URL(request.url).searchParams.get("to"));
	return { locale, exportColumns, listColumns, back };
}

/** No box ticked asks for nothing, so it asks for what is usual. */
export async function action({ request, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context);
	const form = await request.formData();
	const ticked = (name: string, keys: readonly string[]) => {
		const known = keys.filter((key) => form.getAll(name).includes(key));
		return known.length > 0 ? known : null;
	};
	await saveColumns(context.db, organizer.id, {
		exportColumns: ticked("column", exportKeys),
		listColumns: ticked("listColumn", listKeys),
	});
	return redirect(safeReturn(new URL(request.url).searchParams.get("to")), 303);
}

const exportKeys = [...attendeeColumns.map(({ key }) => key), answersKey];

export default function OrganizerExportColumns() {
	const { locale, exportColumns, listColumns, back } = useLoaderData<typeof loader>();
	const words = dictionary(locale).organizer.exportColumns;
	return (
		<OrganizerPage locale={locale} title={words.title} section="attendees">
			<h1>{words.title}</h1>
			<p className="lede">{words.lede}</p>
			<form className="stack section medium" method="post">
				<Boxes
					locale={locale}
					legend={words.onScreen}
					name="listColumn"
					keys={listKeys}
					ticked={listColumns ?? usualListKeys}
				/>
				<Boxes
					locale={locale}
					legend={words.inFiles}
					name="column"
					keys={exportKeys}
					ticked={exportColumns ?? exportKeys}
				/>
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

function Boxes(props: {
	locale: Locale;
	legend: string;
	name: string;
	keys: readonly string[];
	ticked: readonly string[];
}) {
	const { locale, legend, name, keys, ticked } = props;
	const { answers } = dictionary(locale).organizer.exportColumns;
	const labelOf = (key: string) =>
		attendeeColumns.find((column) => column.key === key)?.heading[locale] ?? answers;
	return (
		<fieldset>
			<legend className="legend large">{legend}</legend>
			<div className="pair close">
				{keys.map((key) => (
					<label key={key} className="check">
						<input type="checkbox" name={name} value={key} defaultChecked={ticked.includes(key)} />
						<span>{labelOf(key)}</span>
					</label>
				))}
			</div>
		</fieldset>
	);
}
