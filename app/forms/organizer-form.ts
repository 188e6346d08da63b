import { z } from "zod";
import { locales } from "#app/domain/locale.ts";
import { roles } from "#app/domain/organizer.ts";
import type { Dictionary } from "#app/i18n/fr.ts";
import { checkbox, emailAddress, requiredLine } from "./text.ts";

type OrganizerError = keyof Dictionary["organizer"]["people"]["errors"];

const key = (name: OrganizerError) => name;

export const roleForm = z.object({ role: z.enum(roles, key("role")) });

/** What organizers say of themselves. */
const who = {
	name: requiredLine(120, key("name"), key("nameLong")),
	locale: z.enum(locales, key("locale")),
};

/** Somebody who is asked to join. */
export const inviteForm = roleForm.extend({ ...who, email: emailAddress(key("email"), key("email")) });

/** What an organizer prefers. */
export const ownForm = z.object({ ...who, digest: checkbox, alerts: checkbox });
