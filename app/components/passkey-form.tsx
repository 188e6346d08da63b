import type { Locale } from "#app/domain/locale.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { SubmitButton } from "./submit-button.tsx";

/**
 * A form that a device fills in, with the screen's lock instead of words. It stays hidden until /passkey.js knows that
 * the browser can; `options` is what the device is asked (WebAuthn level 3, §5.1.8 and §5.1.9).
 */
export function PasskeyForm(props: {
	locale: Locale;
	ceremony: "create" | "get";
	options: object;
	label: string;
}) {
	const { locale, ceremony, options, label } = props;
	const words = dictionary(locale).organizer.passkeys;
	return (
		<form
			className="section narrow"
			method="post"
			hidden
			data-ceremony={ceremony}
			data-options={JSON.stringify(options)}
		>
			<input type="hidden" name="intent" value="passkey" />
			<input type="hidden" name="credential" />
			<SubmitButton label={label} plain block={ceremony === "get"} />
			<p className="error" role="alert" hidden>
				{words.failed}
			</p>
			<script type="module" src="/passkey.js" />
		</form>
	);
}
