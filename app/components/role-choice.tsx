import type { Locale } from "#app/domain/locale.ts";
import { type Role, roles } from "#app/domain/organizer.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { Choices } from "./choices.tsx";

/** The roles from the highest, each with what it opens. */
export function RoleChoice(props: { locale: Locale; value: Role | string; error?: string }) {
	const { locale, value, error } = props;
	const words = dictionary(locale).organizer.people;
	return (
		<Choices
			name="role"
			legend={words.role}
			error={error}
			checked={value}
			options={roles
				.toReversed()
				.map((role) => ({ value: role, label: words.roles[role], note: words.roleHints[role] }))}
		/>
	);
}
