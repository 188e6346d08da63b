import type { LoaderFunctionArgs } from "@remix-run/node";
import { tentativeUntil } from "#app/domain/session.ts";
import { idOfToken, tokenIsGenuine } from "#app/domain/token.server.ts";
import { textIn } from "#app/domain/workshop.ts";
import { calendar } from "#app/exports/ics.server.ts";
import { calendarFeed, notFound } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import type { Db } from "#db/client.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { findOrganizer } from "#db/queries/organizers.server.ts";
import { listSessionsForOrganizer, organizerSessionsPerPage } from "#db/queries/sessions.server.ts";

const mostPages = 20;

/** Every session to come with its seats, for the organizer whose secret address this is. A cancelled one stays, as cancelled. */
export async function loader({ params, context }: LoaderFunctionArgs) {
	const { token = "" } = params;
	const id = idOfToken(token);
	const organizer = id ? await findOrganizer(context.db, id) : undefined;
	if (!organizer || organizer.role === "door") throw notFound();
	const { calendarVersion, locale } = organizer;
	if (!tokenIsGenuine(context.secrets, "organizer-calendar", token, organizer.id, calendarVersion))
		throw notFound();
	const now = new Date();
	const firm = await findFirm(context.db);
	const sessions = await everySession(context.db, now);
	const t = dictionary(locale);
	const words = t.organizer.own;
	return calendarFeed(
		calendar({
			method: "PUBLISH",
			name: words.calendarName(firm.name),
			events: sessions
				.filter(({ publishedAt }) => publishedAt)
				.map((session) => ({
					uid: `organizer-${session.id}@${context.origin.domain}`,
					sequence: session.revision,
					summary: textIn(session, "title", locale).text,
					description: [
						words.taken(session.seatsTaken, session.capacity),
						session.seatsWaiting > 0 && t.email.digest.waiting(session.seatsWaiting),
						session.joinUrl,
					]
						.filter(Boolean)
						.join("\n"),
					location: session.online ? t.online : [session.place, session.address].filter(Boolean).join(", "),
					url: context.config.publicUrl + paths.organizer.session(session.id),
					organizerName: firm.name,
					organizerEmail: firm.email || context.origin.mailAddress,
					stamp: session.updatedAt,
					status: session.cancelledAt
						? ("CANCELLED" as const)
						: tentativeUntil(session, now)
							? ("TENTATIVE" as const)
							: ("CONFIRMED" as const),
					zone: session.zone,
					meetings: session.meetings,
				})),
		}),
	);
}

/** A calendar has no second page. */
async function everySession(db: Db, now: Date) {
	const sessions = [];
	for (let page = 1; page <= mostPages; page++) {
		const { sessions: found } = await listSessionsForOrganizer(db, "upcoming", now, page);
		sessions.push(...found);
		if (found.length < organizerSessionsPerPage) break;
	}
	return sessions;
}
