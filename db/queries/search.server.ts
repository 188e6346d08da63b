import { type RawBuilder, sql } from "kysely";
import { foldText, wordsTyped } from "#app/domain/name.ts";

/** That a column has this word anywhere in it, as it was typed: `%` and `_` mean themselves. */
export function contains(column: RawBuilder<string>, word: string) {
	return sql<boolean>`${column} like ${`%${word.replace(/[\\%_]/g, "\\$&")}%`}`;
}

/** The words of a name, an address or an organization: what the index `registration_by_word` knows a person by. */
const wordBreaks = /[\s@.,;:'"()/_+&-]+/;
const wordsOfPerson = sql`array_to_tsvector(array_remove(regexp_split_to_array(registration.search_text, '[\\s@.,;:''"()/_+&-]+'), ''))`;

/** That each word typed begins one of the person's; nothing when none was typed. */
export function beginsAsTyped(search: string) {
	const words = wordsTyped(search, wordBreaks);
	if (words.length === 0) return undefined;
	const typed = words.map((word) => `'${word.replaceAll("\\", "\\\\")}':*`).join(" & ");
	return sql<boolean>`${wordsOfPerson} @@ ${typed}::tsquery`;
}

/** What the search of an attendee list looks through. */
export function searchTextOf(person: { name: string; email: string | null; organization: string }): string {
	return foldText(`${person.name} ${person.email ?? ""} ${person.organization}`);
}
