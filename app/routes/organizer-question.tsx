import {
	type ActionFunctionArgs,
	data,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { ErrorSummary } from "#app/components/error-summary.tsx";
import { OrganizerPage } from "#app/components/organizer-page.tsx";
import { QuestionForm } from "#app/components/question-form.tsx";
import type { MergedOptions } from "#app/domain/question.ts";
import { textIn } from "#app/domain/workshop.ts";
import { formErrors } from "#app/forms/form-errors.ts";
import { type FormValues, parseForm } from "#app/forms/parse-form.ts";
import { optionFields, type QuestionError, questionForm } from "#app/forms/question-form.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam } from "#app/http/params.ts";
import { notFound, privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { saveQuestion } from "#app/use-cases/save-question.server.ts";
import { findQuestion, isAnswered } from "#db/queries/questions.server.ts";
import { findWorkshop } from "#db/queries/workshops.server.ts";
import type { QuestionRow } from "#db/schema.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const workshop = await findWorkshop(context.db, idParam(params.workshopId));
	if (!workshop) throw notFound();
	const id = questionId(params.questionId);
	const question = id ? await findQuestion(context.db, id) : null;
	if (id && question?.workshopId !== workshop.id) throw notFound();
	const answered = id ? await isAnswered(context.db, id) : false;
	return { locale, workshop, question: question ?? null, answered };
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context);
	const workshopId = idParam(params.workshopId);
	const workshop = await findWorkshop(context.db, workshopId);
	if (!workshop) throw notFound();
	const id = questionId(params.questionId);
	const parsed = parseForm(questionForm, await request.formData());
	const { values } = parsed;
	if (!parsed.ok) return data({ values, errors: parsed.errors }, 400);

	const result = await saveQuestion(context.db, workshopId, parsed.data, id, organizer.id, new Date());
	if (result.ok) return redirect(`${paths.organizer.questions(workshopId)}?saved`, 303);
	switch (result.reason) {
		case "unknown":
			throw notFound();
		case "kind-frozen":
			return data({ values, errors: { form: "kindFrozen" satisfies QuestionError } }, 409);
		case "options": {
			const field = result.options === "uneven" ? "addedEn" : "addedFr";
			return data({ values, errors: { [field]: optionErrors[result.options] } }, 400);
		}
	}
}

const optionErrors = {
	tooFew: "tooFew",
	tooMany: "tooMany",
	twice: "twice",
	uneven: "uneven",
	long: "long",
} as const satisfies Record<Extract<MergedOptions, { ok: false }>["reason"], QuestionError>;

/** The id in the address, or null for the question that is not there yet. */
function questionId(param: string | undefined): string | null {
	return param === "new" ? null : idParam(param);
}

function valuesOf(question: QuestionRow): FormValues {
	const { labelFr, labelEn, kind, askedAt, required, options } = question;
	const values: FormValues = { labelFr, labelEn, kind, askedAt };
	if (required) values.required = "yes";
	for (const option of options) {
		const names = optionFields(option.value);
		values[names.fr] = option.fr;
		values[names.en] = option.en;
	}
	return values;
}

export default function OrganizerQuestion() {
	const { locale, workshop, question, answered } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const t = dictionary(locale);
	const words = t.organizer.questions;
	const values = answer?.values ?? (question ? valuesOf(question) : {});
	const { sentence, summary } = formErrors(answer?.errors ?? {}, words.errors, [
		"form",
		"labelFr",
		"labelEn",
		"kind",
		"askedAt",
		"addedFr",
		"addedEn",
	]);
	const title = question ? words.edit : words.new;
	return (
		<OrganizerPage locale={locale} title={title} section="workshops" refused={summary.length > 0}>
			<ErrorSummary t={t} errors={summary} />
			<p className="eyebrow also">
				<a href={paths.organizer.workshop(workshop.id)}>{textIn(workshop, "title", locale).text}</a>
				<a href={paths.organizer.questions(workshop.id)}>{words.title}</a>
			</p>
			<h1 className="long">{title}</h1>
			<QuestionForm
				locale={locale}
				values={values}
				sentence={sentence}
				question={question}
				answered={answered}
			/>
		</OrganizerPage>
	);
}
