import type { Locale } from "#app/domain/locale.ts";
import { type Role, roles } from "#app/domain/organizer.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { Choices } from "./choices.tsx";

/** The roles from the highest, each with what it opens. The door has nothing to open yet: only who has that role is shown it. */
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
				.filter((role) => role !== "door" || value === "door")
				.map((role) => ({ value: role, label: words.roles[role], note: words.roleHints[role] }))}
		/>
	);
}
