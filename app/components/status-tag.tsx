import type { Locale } from "#app/domain/locale.ts";
import type { StatusAt } from "#app/domain/registration.ts";
import { dictionary } from "#app/i18n/translate.ts";

const looks: Record<StatusAt, string> = {
	confirmed: "tag ok",
	offered: "tag warn",
	waitlisted: "tag",
	cancelled: "tag quiet",
	elsewhere: "tag",
};

/** How one person stands, as a word: the colour only repeats it. */
export function StatusTag({ status, locale }: { status: StatusAt; locale: Locale }) {
	return <span className={looks[status]}>{dictionary(locale).statusWord[status]}</span>;
}
