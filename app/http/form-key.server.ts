import { v7 } from "uuid";
import { idOfToken, signToken, tokenIsGenuine } from "#app/domain/token.server.ts";

const longestOpen = 24 * 3600 * 1000;

/**
 * The key of one showing of a form: it makes a second sending the same sign-up, says when the form was shown (a UUIDv7
 * begins with its time, RFC 9562 §5.7), and cannot be made elsewhere.
 */
export function newFormKey(secrets: [string, ...string[]]): string {
	return signToken(secrets[0], "form", v7());
}

/** The booking key inside a form's key, or null when it is not ours or was shown over a day ago. */
export function readFormKey(secrets: string[], key: string, now: Date): string | null {
	const id = idOfToken(key);
	if (!id || !tokenIsGenuine(secrets, "form", key, id)) return null;
	const shownAt = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
	return now.getTime() - shownAt < longestOpen ? id : null;
}
