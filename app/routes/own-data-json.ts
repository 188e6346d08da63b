import type { LoaderFunctionArgs } from "@remix-run/node";
import { findOwnData } from "#app/http/own-data.server.ts";
import { attachment } from "#app/http/responses.ts";

/** What is kept of one person, for software. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { data } = await findOwnData(context, request, params.token);
	return attachment(`${JSON.stringify(data, null, "\t")}\n`, "application/json; charset=utf-8");
}
