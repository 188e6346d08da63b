import type { LoaderFunctionArgs } from "@remix-run/node";
import { homeZone } from "#app/domain/session.ts";
import { isLocalDate, localDateOf, startOfDate } from "#app/domain/time.server.ts";
import { sessionShape } from "#app/exports/api-shapes.ts";
import { apiPage, apiPageSize, problem, requireApiToken } from "#app/http/api.server.ts";
import { isId } from "#app/http/params.ts";
import { paths } from "#app/paths.ts";
import { listApiSessions } from "#db/queries/sessions.server.ts";

/** The dates that end today or later, or from a day on. */
export async function loader({ request, context }: LoaderFunctionArgs) {
	await requireApiToken(request, context);
	const { db, config } = context;
	const now = new Date();
	const asked = new URL(request.url).searchParams;
	const from = asked.get("from") ?? localDateOf(now, homeZone);
	if (!isLocalDate(from)) throw problem(400, "from is a date, such as 2026-12-01.");
	const after = readCursor(asked.get("after"));
	const found = await listApiSessions(db, { from: startOfDate(from, homeZone), after }, apiPageSize + 1);
	return apiPage(
		found,
		(details) => sessionShape(details, config.publicUrl, now),
		({ session }) =>
			config.publicUrl + paths.api.sessions({ from, after: `${session.startsAt.getTime()}_${session.id}` }),
	);
}

/** The last session of the page before. Throws a 400 for what is none. */
function readCursor(value: string | null): { startsAt: Date; id: string } | undefined {
	if (value === null) return undefined;
	const [, milliseconds, id = ""] = /^(\d{1,13})_(.*)$/.exec(value) ?? [];
	if (!milliseconds || !isId(id)) throw problem(400, "after is none that an answer gave.");
	return { startsAt: new Date(Number(milliseconds)), id };
}
