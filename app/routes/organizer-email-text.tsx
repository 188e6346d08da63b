import {
	type ActionFunctionArgs,
	data,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { ErrorSummary } from "#app/components/error-summary.tsx";
import { Field } from "#app/components/field.tsx";
import { DoneNotice, OrganizerPage } from "#app/components/organizer-page.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import {
	brokenFields,
	type EditableKind,
	editableKind,
	emailTextKey,
	emailTextVariables,
} from "#app/domain/email-texts.ts";
import type { Locale } from "#app/domain/locale.ts";
import { emailTextForm } from "#app/forms/email-text-form.ts";
import { formErrors } from "#app/forms/form-errors.ts";
import { type FormValues, parseForm } from "#app/forms/parse-form.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { notFound, privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { saveEmailText } from "#app/use-cases/save-email-text.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { ownText } from "#emails/texts.ts";

// What a frame can be asked for; a longer text is seen once it is saved.
const longestAddress = 12_000;

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const { kind, lang } = textParams(params);
	const { emailTexts } = await findFirm(context.db);
	const text = emailTexts[emailTextKey(kind, lang)];
	return {
		locale,
		kind,
		lang,
		values: text ?? ownText(kind, lang),
		changed: text !== undefined,
		broken: text !== undefined && brokenFields(kind, text).length > 0,
		saved: new URL(request.url).searchParams.has("enregistre"),
	};
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context);
	const { kind, lang } = textParams(params);
	const form = await request.formData();
	const key = emailTextKey(kind, lang);
	const here = paths.organizer.emailText(kind, lang);
	if (form.get("intent") === "reset") {
		await saveEmailText(context.db, key, null, organizer.id, new Date());
		return redirect(`${here}?enregistre`, 303);
	}
	const parsed = parseForm(emailTextForm(kind), form);
	if (parsed.ok && form.get("intent") === "preview") {
		const typed = new URLSearchParams(parsed.data).toString();
		return data({ values: parsed.values, errors: {}, preview: typed.length < longestAddress ? typed : "" });
	}
	if (!parsed.ok) return data({ values: parsed.values, errors: parsed.errors, preview: "" }, 400);
	await saveEmailText(context.db, key, parsed.data, organizer.id, new Date());
	return redirect(`${here}?enregistre`, 303);
}

function textParams(params: { kind?: string; locale?: string }): { kind: EditableKind; lang: Locale } {
	const kind = editableKind(params.kind);
	const lang = params.locale;
	if (!kind || (lang !== "fr" && lang !== "en")) throw notFound();
	return { kind, lang };
}

export default function OrganizerEmailText() {
	const { locale, kind, lang, values: stored, changed, broken, saved } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const t = dictionary(locale);
	const words = t.organizer.emailTexts;
	const values: FormValues = answer?.values ?? stored;
	const order = ["subject", "heading", "body"];
	const { sentence, summary } = formErrors(answer?.errors ?? {}, words.errors, order);
	const tag = lang === "fr" ? "fr-CA" : "en-CA";
	const field = (name: string) => ({ t, name, value: values[name], error: sentence(name), lang: tag });
	const title = `${words.kinds[kind]}, ${words.languages[lang]}`;
	return (
		<OrganizerPage locale={locale} title={title} section="emails" refused={summary.length > 0}>
			<ErrorSummary t={t} errors={summary} />
			{saved && !answer && <DoneNotice>{words.saved}</DoneNotice>}
			<p className="eyebrow">
				<a href={paths.organizer.emailTexts()}>{words.title}</a>
			</p>
			<h1>{title}</h1>
			{broken && <p className="notice">{words.broken}</p>}
			<div className="columns section">
				<form className="stack" method="post" noValidate>
					<Field {...field("subject")} label={words.subject} />
					<Field {...field("heading")} label={words.heading} />
					<Field {...field("body")} label={words.body} hint={words.bodyHint} rows={8} />
					<p className="hint">
						{words.variables}{" "}
						<code>
							{emailTextVariables(kind)
								.map((name) => `{{${name}}}`)
								.join(" ")}
						</code>
					</p>
					<div className="actions">
						<SubmitButton label={words.save} />
						<SubmitButton label={words.preview} name="intent" value="preview" plain />
						{changed && <SubmitButton label={words.reset} name="intent" value="reset" plain />}
					</div>
				</form>
				<iframe
					className="mail"
					sandbox=""
					src={`${paths.organizer.emailTextBody(kind, lang)}?${answer?.preview ?? ""}`}
					title={words.preview}
				/>
			</div>
		</OrganizerPage>
	);
}
