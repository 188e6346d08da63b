import { holdsSiteAddress } from "#app/domain/site-address.ts";
import { requiredLine } from "./text.ts";

/**
 * How the public names somebody: emails to that person, whoever they are, repeat it, so it may lead nowhere. A name that they
 * have already, which an organizer may have given, stays as it is.
 */
export function personName(missing: string, tooLong: string, address: string, known = "") {
	return requiredLine(200, missing, tooLong).refine(
		(name) => name === known || !holdsSiteAddress(name),
		address,
	);
}
