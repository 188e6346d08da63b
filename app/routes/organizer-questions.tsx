import {
	type ActionFunctionArgs,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { DoneNotice, OrganizerPage } from "#app/components/organizer-page.tsx";
import { QuestionRows } from "#app/components/question-rows.tsx";
import { textIn } from "#app/domain/workshop.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam } from "#app/http/params.ts";
import { notFound, privateHeaders, refused } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { archiveQuestion, moveQuestion } from "#app/use-cases/save-question.server.ts";
import { listQuestionsForOrganizer } from "#db/queries/questions.server.ts";
import { findWorkshop } from "#db/queries/workshops.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const workshop = await findWorkshop(context.db, idParam(params.workshopId));
	if (!workshop) throw notFound();
	const questions = await listQuestionsForOrganizer(context.db, workshop.id);
	const { searchParams } = new URL(request.url);
	const done = doneWords.find((word) => searchParams.has(word));
	return { locale, workshop, questions, done };
}

const doneWords = ["saved", "moved", "archivedDone", "restored"] as const;

export async function action({ request, params, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context);
	const workshopId = idParam(params.workshopId);
	const form = await request.formData();
	const id = idParam(String(form.get("question") ?? ""));
	const now = new Date();
	const intent = form.get("intent");
	const back = (done: (typeof doneWords)[number]) =>
		redirect(`${paths.organizer.questions(workshopId)}?${done}`, 303);
	switch (intent) {
		case "up":
		case "down":
			if (!(await moveQuestion(context.db, workshopId, id, intent, organizer.id, now))) throw notFound();
			return back("moved");
		case "archive":
		case "restore": {
			const archives = intent === "archive";
			const found = await archiveQuestion(context.db, workshopId, id, archives, organizer.id, now);
			if (!found) throw notFound();
			return back(archives ? "archivedDone" : "restored");
		}
		default:
			throw refused(400);
	}
}

export default function OrganizerQuestions() {
	const { locale, workshop, questions, done } = useLoaderData<typeof loader>();
	const words = dictionary(locale).organizer.questions;
	const asked = questions.filter(({ archivedAt }) => !archivedAt);
	const archived = questions.filter(({ archivedAt }) => archivedAt);
	return (
		<OrganizerPage locale={locale} title={words.title} section="workshops">
			{done && <DoneNotice>{words[done]}</DoneNotice>}
			<p className="eyebrow">
				<a href={paths.organizer.workshop(workshop.id)}>{textIn(workshop, "title", locale).text}</a>
			</p>
			<div className="heading">
				<h1>{words.title}</h1>
				<a className="button small" href={paths.organizer.question(workshop.id, "new")}>
					{words.add}
				</a>
			</div>
			<p className="lede">{words.lede}</p>
			{asked.length > 0 ? (
				<QuestionRows locale={locale} questions={asked} />
			) : (
				<p className="empty">{words.none}</p>
			)}
			{archived.length > 0 && (
				<section className="section">
					<h2>{words.archived}</h2>
					<p className="muted">{words.archivedHint}</p>
					<QuestionRows locale={locale} questions={archived} archived />
				</section>
			)}
		</OrganizerPage>
	);
}
