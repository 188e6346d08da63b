/**
 * One line of JSON on standard error: ids, codes and messages of errors, never an address, a token or an answer.
 * Tokens stand in paths, so long segments are cut out of them.
 */
export function logError(
	event: string,
	error: unknown,
	facts: { requestId?: string; path?: string } = {},
): void {
	const failure = error instanceof Error ? error : new Error(String(error));
	const code = "code" in failure ? String(failure.code) : undefined;
	const stack = failure.stack
		?.split("\n")
		.slice(1, 6)
		.map((line) => line.trim());
	// A database error's message can quote a value; its code says as much.
	const message = code ? undefined : failure.message;
	const path = facts.path?.replace(/[^/?=&]{40,}/g, "…");
	console.error(
		JSON.stringify({ at: new Date().toISOString(), event, ...facts, path, code, message, stack }),
	);
}
