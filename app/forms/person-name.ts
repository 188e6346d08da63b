import { holdsSiteAddress } from "#app/domain/site-address.ts";
import { requiredLine } from "./text.ts";

/** How the public names somebody: emails to that person, whoever they are, repeat it, so it may lead nowhere. */
export function personName(missing: string, tooLong: string, address: string) {
	return requiredLine(200, missing, tooLong).refine((name) => !holdsSiteAddress(name), address);
}
