import type { Locale } from "#app/domain/locale.ts";
import { dictionary } from "#app/i18n/translate.ts";
import type { EmailStatus } from "#db/schema.ts";

const looks = {
	queued: "tag",
	sending: "tag",
	sent: "tag ok",
	captured: "tag quiet",
	dead: "tag bad",
	cancelled: "tag quiet",
	bounced: "tag bad",
	suppressed: "tag warn",
} satisfies Record<EmailStatus, string>;

/** What became of an email, as a word. */
export function EmailStatusTag({ status, locale }: { status: EmailStatus; locale: Locale }) {
	return <span className={looks[status]}>{dictionary(locale).organizer.emails.statuses[status]}</span>;
}
