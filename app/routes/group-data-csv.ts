import type { LoaderFunctionArgs } from "@remix-run/node";
import { ownDataCsv } from "#app/exports/own-data.server.ts";
import { findGroupData } from "#app/http/own-data.server.ts";
import { attachment } from "#app/http/responses.ts";

/** What is kept of a contact and their group, for a spreadsheet. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { data, ...reader } = await findGroupData(context, request, params.token);
	return attachment(ownDataCsv(data, reader), "text/csv; charset=utf-8");
}
