import type { Locale } from "#app/domain/locale.ts";
import { dictionary } from "#app/i18n/translate.ts";

/**
 * Steps through a long list; nothing when it holds on one page. Where nobody counted the pages, `more` says that there is
 * another.
 */
export function Pagination(props: {
	locale: Locale;
	page: number;
	pages: number | null;
	more?: boolean;
	href: (page: number) => string;
}) {
	const { locale, page, pages, more = pages !== null && page < pages, href } = props;
	const words = dictionary(locale).organizer.attendees;
	if (pages === null ? page === 1 && !more : pages <= 1) return null;
	return (
		<nav className="pages" aria-label={words.pages}>
			{page > 1 && (
				<a rel="prev" href={href(page - 1)}>
					{words.previous}
				</a>
			)}
			<span className="muted num">{words.page(page, pages)}</span>
			{more && (
				<a rel="next" href={href(page + 1)}>
					{words.next}
				</a>
			)}
		</nav>
	);
}
