import { randomUUID } from "node:crypto";
import {
	type ActionFunctionArgs,
	data,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { DateWords } from "#app/components/date-words.tsx";
import { ErrorSummary } from "#app/components/error-summary.tsx";
import { ImportChoice } from "#app/components/import-choice.tsx";
import { ImportPreview } from "#app/components/import-preview.tsx";
import { OrganizerPage } from "#app/components/organizer-page.tsx";
import { textIn } from "#app/domain/workshop.ts";
import { tabAddress } from "#app/http/attendee-view.ts";
import type { AppContext } from "#app/http/context.server.ts";
import {
	firstPreview,
	nextPreview,
	type ImportPreview as Preview,
	readSentList,
	readUpload,
} from "#app/http/import-list.server.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam } from "#app/http/params.ts";
import { notFound, privateHeaders, refused } from "#app/http/responses.ts";
import { capitalize, formatWhen } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { addAttendees } from "#app/use-cases/add-attendees.server.ts";
import { isKeySpent } from "#db/queries/bookings.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	return { locale, now: new Date(), ...(await findDetails(context, params.sessionId)) };
}

async function findDetails(context: AppContext, sessionId: string | undefined) {
	const details = await findSessionDetails(context.db, idParam(sessionId));
	if (!details) throw notFound();
	return details;
}

/** What is told of a list that is not imported: a problem of the whole list, under the name of its sentence. */
type Refusal = "wrongLines" | "nobody" | "changed" | "full";

export async function action({ request, params, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context);
	const details = await findDetails(context, params.sessionId);
	const form = await readUpload(request);
	const intent = form.get("intent");

	if (intent === "read") {
		const read = await readSentList(form);
		if (!read.ok) {
			const pasted = String(form.get("pasted") ?? "");
			return data({ unread: read.reason, pasted: pasted.slice(0, 100_000) }, 400);
		}
		return { preview: shown(await firstPreview(context, details, read.table, organizer)) };
	}
	const preview = await nextPreview(context, details, form, organizer);
	if (!preview) throw refused(400);
	if (intent === "preview") return { preview: shown(preview) };

	const { people, lines, seats, choices } = preview;
	const { whenFull, leaveOut, seen, key } = choices;
	const leftOut = lines.length - people.length;
	const mayWait = details.session.waitlistMode !== "none";
	const chosen = whenFull === "wait" && !mayWait ? undefined : whenFull;
	const again = (refusal?: Refusal) =>
		data({ preview: shown(preview), refusal, chosen: { whenFull, leaveOut } }, 409);
	const sessionId = details.session.id;
	const { db, origin } = context;
	// A second click, or the back button: everything in it is registered now, and that is no mistake.
	if (await isKeySpent(db, key)) return redirect(`${tabAddress(sessionId, "confirmed")}&dejaImportee`, 303);
	if (preview.columnsError) return again();
	if (seen !== preview.seen) return again("changed");
	if (people.length === 0) return again("nobody");
	if (leftOut > 0 && !leaveOut) return again("wrongLines");
	if (seats.over > 0 && !chosen) return again("full");

	const options = {
		notify: intent === "tell",
		whenFull: seats.over > 0 && chosen ? chosen : ("refuse" as const),
		imported: { leftOut },
	};
	const result = await addAttendees(db, origin, sessionId, people, options, organizer, new Date(), key);
	if (!result.ok) {
		// Somebody came in between: what is shown now is how things stand.
		const fresh = await nextPreview(context, await findDetails(context, sessionId), form, organizer);
		if (!fresh) throw refused(400);
		return data({ preview: shown(fresh), refusal: "changed" as const, chosen: { whenFull, leaveOut } }, 409);
	}
	context.wake();
	const told: Record<string, string> = result.alreadyDone
		? { dejaImportee: "" }
		: { importees: String(result.seated), attente: String(result.waiting), laissees: String(leftOut) };
	return redirect(`${tabAddress(sessionId, "confirmed")}&${new URLSearchParams(told)}`, 303);
}

/** What the page needs of a preview: all the rows travel, few are shown. A new one has a key of its own. */
function shown(preview: Preview) {
	const { lines, people, ...rest } = preview;
	const wrong = lines.filter(({ person }) => !person);
	return {
		...rest,
		key: randomUUID(),
		counts: { lines: lines.length, people: people.length, wrong: wrong.length },
		wrong: wrong.slice(0, 100),
		right: lines.filter(({ person }) => person).slice(0, 50),
	};
}

export default function OrganizerImport() {
	const { locale, now, session, workshop, meetings } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const t = dictionary(locale);
	const words = t.organizer.importList;
	const preview = answer && "preview" in answer ? answer.preview : undefined;
	const unread = answer && "unread" in answer ? answer.unread : undefined;
	const refusal = answer && "refusal" in answer ? answer.refusal : undefined;
	const problems: { field?: string; sentence: string }[] = [];
	if (unread) problems.push({ field: "file", sentence: words.readProblems[unread] });
	if (refusal) problems.push({ sentence: words.errors[refusal] });
	return (
		<OrganizerPage locale={locale} title={words.title} section="sessions" refused={problems.length > 0}>
			<ErrorSummary t={t} errors={problems} />
			<p className="eyebrow">
				<a href={tabAddress(session.id, "confirmed")}>
					{textIn(workshop, "title", locale).text} ·{" "}
					<DateWords>{capitalize(formatWhen(meetings, locale, session.zone), locale)}</DateWords>
				</a>
			</p>
			<h1>{words.title}</h1>
			{session.cancelledAt ? (
				<p className="lede">{words.cancelledSession}</p>
			) : preview ? (
				<ImportPreview
					locale={locale}
					session={session}
					preview={preview}
					chosen={answer && "chosen" in answer ? answer.chosen : undefined}
					mayTell={now < session.endsAt}
				/>
			) : (
				<ImportChoice
					locale={locale}
					sessionId={session.id}
					problem={unread && words.readProblems[unread]}
					pasted={answer && "pasted" in answer ? answer.pasted : undefined}
				/>
			)}
		</OrganizerPage>
	);
}
