import { HtmlValidate } from "html-validate";

const extend = ["html-validate:standard", "html-validate:a11y", "html-validate:document"];
// Everything comes from this very site, and what is wrong with a form is said above its page's heading.
const notAsked = { "require-sri": "off", "heading-level": "off" } as const;
const pageRules = new HtmlValidate({ extends: extend, rules: notAsked });
// Mail programs still need tables and their attributes.
const emailRules = new HtmlValidate({ extends: extend, rules: { ...notAsked, "no-deprecated-attr": "off" } });

/** What the HTML standard has against a page. Each line is one thing, with where it stands. */
export function problemsOfPage(html: string): string[] {
	return problemsOf(pageRules, html);
}

/** The same for the body of an email. */
export function problemsOfEmail(html: string): string[] {
	return problemsOf(emailRules, html);
}

function problemsOf(rules: HtmlValidate, html: string): string[] {
	const { results } = rules.validateStringSync(html);
	return results.flatMap(({ messages }) =>
		messages.map(({ ruleId, message, selector }) => `${ruleId}: ${message} (${selector})`),
	);
}
