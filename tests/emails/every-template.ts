import { placeEmails } from "#emails/gallery.ts";
import type { Message } from "#emails/message.ts";
import type { PlaceFacts } from "#emails/templates/registration-email.tsx";
import { now } from "#tests/fixtures.ts";

export type TemplateName = keyof typeof placeEmails;
export const templateNames = Object.keys(placeEmails) as TemplateName[];

/** Every email about somebody's place, by name, as it is made at `now`. */
export const templates = Object.fromEntries(
	templateNames.map((name) => [name, (facts: PlaceFacts) => placeEmails[name](facts, now)]),
) as Record<TemplateName, (facts: PlaceFacts) => Message>;
