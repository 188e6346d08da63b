import type { Locale } from "#app/domain/locale.ts";
import { type Role, roles } from "#app/domain/organizer.ts";
import { dictionary } from "#app/i18n/translate.ts";

/** The roles from the highest, each with what it opens. */
export function RoleChoice(props: { locale: Locale; value: Role | string; error?: string }) {
	const { locale, value, error } = props;
	const words = dictionary(locale).organizer.people;
	return (
		<fieldset id="role" aria-describedby={error && "role-error"}>
			<legend className="legend">{words.role}</legend>
			{error && (
				<p className="error" id="role-error">
					{error}
				</p>
			)}
			<div className="choices">
				{roles.toReversed().map((role) => (
					<label key={role} className="choice">
						<input type="radio" name="role" value={role} defaultChecked={role === value} />
						<span>
							{words.roles[role]}
							<small>{words.roleHints[role]}</small>
						</span>
					</label>
				))}
			</div>
		</fieldset>
	);
}
