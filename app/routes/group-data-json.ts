import type { LoaderFunctionArgs } from "@remix-run/node";
import { findGroupData } from "#app/http/own-data.server.ts";
import { attachment } from "#app/http/responses.ts";

/** What is kept of a contact and their group, for software. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { data } = await findGroupData(context, request, params.token);
	return attachment(`${JSON.stringify(data, null, "\t")}\n`, "application/json; charset=utf-8");
}
