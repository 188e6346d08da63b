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
import { Page } from "#app/components/page.tsx";
import { PasskeyForm } from "#app/components/passkey-form.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { localeFrom, otherLocale } from "#app/domain/locale.ts";
import { formErrors } from "#app/forms/form-errors.ts";
import { parseForm } from "#app/forms/parse-form.ts";
import { askForCodeForm, enterCodeForm } from "#app/forms/sign-in-form.ts";
import type { AppContext } from "#app/http/context.server.ts";
import { lastReaderLocale, safeReturn, signedInHeaders } from "#app/http/organizer-auth.server.ts";
import { withinLimit, withinLimitFor, withoutHaste } from "#app/http/rate-limit.server.ts";
import { passkeyRequest, relyingParty } from "#app/http/relying-party.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { signInWithPasskey } from "#app/use-cases/passkeys.server.ts";
import { sendSignInCode, signInWithCode } from "#app/use-cases/sign-in.server.ts";

const periodSeconds = 600;
const codesPerAddress = 5;
const triesPerAddress = 15;
const triesPerDay = 45;
const daySeconds = 24 * 3600;
const fromOnePlace = 60;

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const search = new URL(request.url).searchParams;
	return {
		locale: localeFrom(search.get("langue")) ?? lastReaderLocale(request, context) ?? "fr",
		to: search.get("to"),
		capture: context.config.smtpUrl === null,
		passkey: passkeyRequest(context),
	};
}

/** Two steps in one page: nothing but the errors differs between an address that is known and one that is not. */
export async function action({ request, context }: ActionFunctionArgs) {
	const to = safeReturn(new URL(request.url).searchParams.get("to"));
	const form = await request.formData();
	return withoutHaste(answerTo(request, context, form, to));
}

function answerTo(request: Request, context: AppContext, form: FormData, to: string) {
	switch (form.get("intent")) {
		case "passkey":
			return usePasskey(request, context, form, to);
		case "enter":
			return enterCode(request, context, form, to);
		default:
			return sendCode(context, form);
	}
}

async function usePasskey(request: Request, context: AppContext, form: FormData, to: string) {
	const now = new Date();
	const site = relyingParty(context);
	if (!(await withinLimit(context, "sign-in-passkey", fromOnePlace, periodSeconds, now))) {
		return again("email", 429, {}, { form: "tooMany" });
	}
	const credential = String(form.get("credential") ?? "");
	const userAgent = request.headers.get("User-Agent") ?? "";
	const cookie = site && (await signInWithPasskey(context.db, site, credential, userAgent, now));
	return cookie ? enter(context, cookie, to) : again("email", 400, {}, { form: "passkey" });
}

async function sendCode(context: AppContext, form: FormData) {
	const now = new Date();
	const parsed = parseForm(askForCodeForm, form);
	const { values } = parsed;
	if (!parsed.ok) return again("email", 400, values, parsed.errors);
	const { email } = parsed.data;
	if (!(await withinLimit(context, "sign-in", fromOnePlace, periodSeconds, now))) {
		return again("email", 429, values, { form: "tooMany" });
	}
	// Past that many the last code stays good: whoever asks for others keeps nobody from signing in.
	const mayAsk = await withinLimitFor(
		context,
		"sign-in",
		email.toLowerCase(),
		codesPerAddress,
		periodSeconds,
		now,
	);
	const sent = mayAsk && (await sendSignInCode(context.db, context.origin, email, now));
	if (sent) {
		context.wake();
		if (context.config.smtpUrl === null) console.log(`\n  ${sent.code}\n  ${sent.url}\n`);
	}
	return again("code", 200, { email }, {});
}

async function enterCode(request: Request, context: AppContext, form: FormData, to: string) {
	const now = new Date();
	const parsed = parseForm(enterCodeForm, form);
	const { values } = parsed;
	if (!parsed.ok) return again(parsed.errors.email ? "email" : "code", 400, values, parsed.errors);
	const { email, code } = parsed.data;
	const subject = email.toLowerCase();
	const [soon, place] = await Promise.all([
		withinLimitFor(context, "sign-in-code", subject, triesPerAddress, periodSeconds, now),
		withinLimit(context, "sign-in-code", fromOnePlace, periodSeconds, now),
	]);
	if (!soon || !place) return again("code", 429, values, { form: "tooMany" });
	// The email has a link too, which cannot be guessed.
	if (!(await withinLimitFor(context, "sign-in-code-day", subject, triesPerDay, daySeconds, now)))
		return again("code", 429, values, { form: "tooManyToday" });
	const userAgent = request.headers.get("User-Agent") ?? "";
	const cookie = await signInWithCode(context.db, email, code, userAgent, now);
	if (!cookie) return again("code", 400, values, { code: "code" });
	return enter(context, cookie, to);
}

async function enter(context: AppContext, cookie: string, to: string) {
	return redirect(to, { status: 303, headers: await signedInHeaders(context, cookie) });
}

type Step = "email" | "code";

function again(step: Step, status: number, values: Record<string, string>, errors: Record<string, string>) {
	return data({ step, values, errors }, status);
}

export default function OrganizerSignIn() {
	const { locale, to, capture, passkey } = useLoaderData<typeof loader>();
	const { step, values, errors } = useActionData<typeof action>() ?? {
		step: "email",
		values: {},
		errors: {},
	};
	const t = dictionary(locale);
	const words = t.organizer.signIn;
	const other = otherLocale(locale);
	const address = (langue: string) =>
		`${paths.organizer.signIn()}?${new URLSearchParams({ langue, ...(to && { to }) })}`;
	const { sentence, summary } = formErrors(errors, words.errors, ["form", "email", "code"]);
	const title = step === "code" ? words.codeTitle : words.title;
	return (
		<Page locale={locale} title={title} alternate={address(other)} refused={summary.length > 0}>
			<ErrorSummary t={t} errors={summary} />
			<h1>{title}</h1>
			{step === "code" ? (
				<>
					<p className="lede">{words.codeLede(values.email ?? "")}</p>
					{capture && <p className="section muted">{words.codeConsole}</p>}
					<form className="stack section narrow" method="post" noValidate>
						<input type="hidden" name="email" value={values.email} />
						<Field
							t={t}
							name="code"
							label={words.code}
							inputMode="numeric"
							autoComplete="one-time-code"
							maxLength={12}
							value={values.code}
							autoFocus={summary.length === 0}
							error={sentence("code")}
						/>
						<SubmitButton label={words.enter} name="intent" value="enter" block />
					</form>
					<p className="section">
						<a href={address(locale)}>{words.other}</a>
					</p>
				</>
			) : (
				<>
					<p className="lede">{words.lede}</p>
					<form className="stack section narrow" method="post" noValidate>
						<Field
							t={t}
							name="email"
							label={words.email}
							hint={words.emailHint}
							type="email"
							autoComplete="email"
							spellCheck={false}
							value={values.email}
							error={sentence("email")}
						/>
						<SubmitButton label={words.send} name="intent" value="send" block />
					</form>
					{passkey && (
						<PasskeyForm locale={locale} ceremony="get" options={passkey} label={t.organizer.passkeys.use} />
					)}
				</>
			)}
		</Page>
	);
}
