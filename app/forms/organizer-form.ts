import { z } from "zod";
import { locales } from "#app/domain/locale.ts";
import { roles } from "#app/domain/organizer.ts";
import type { Dictionary } from "#app/i18n/fr.ts";
import { emailAddress, requiredLine } from "./text.ts";

export type OrganizerError = keyof Dictionary["organizer"]["people"]["errors"];

const key = (name: OrganizerError) => name;

export const roleForm = z.object({ role: z.enum(roles, key("role")) });

/** Somebody who is asked to join. */
export const inviteForm = roleForm.extend({
	name: requiredLine(120, key("name"), key("nameLong")),
	email: emailAddress(key("email"), key("email")),
	locale: z.enum(locales, key("locale")),
});
