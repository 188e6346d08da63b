/**
 * One line of JSON on standard error: ids, codes and messages of errors, never an address, a token or an answer.
 * Tokens stand in paths, so long segments are cut out of them, and what somebody may have pasted there with an @.
 */
export function logError(
	event: string,
	error: unknown,
	facts: { requestId?: string; path?: string } = {},
): void {
	const failure = error instanceof Error ? error : new Error(String(error));
	const code = "code" in failure ? String(failure.code) : undefined;
	// The message stands above, in as many lines as it likes.
	const stack = failure.stack
		?.split("\n")
		.map((line) => line.trim())
		.filter((line) => line.startsWith("at "))
		.slice(0, 5);
	// A database error's message can quote a value; its code says as much.
	const message = code ? undefined : withoutValues(failure);
	const path = facts.path && withoutTokens(facts.path);
	const line = { at: new Date().toISOString(), event, ...facts, path, code, message, stack };
	process.stderr.write(`${JSON.stringify(line)}\n`);
}

/** What libraries write of what went wrong becomes a line as well: as they write it, it can hold anything. */
export function tameConsole(): void {
	console.error = (...written) => {
		logError("console", written.find((one) => one instanceof Error) ?? new Error("Something was written."));
	};
	console.info = () => {};
}

/** One line of JSON on standard output for each request. Nothing of its query or of who sent it: both can name people. */
export function logRequest(facts: {
	requestId: string;
	method: string;
	path: string;
	status: number;
	milliseconds: number;
}): void {
	const { requestId, method, path, status, milliseconds } = facts;
	const at = new Date().toISOString();
	const shown = [method, withoutTokens(path)].map((text) => JSON.stringify(text));
	// By hand: written as an object, the line is a tenth of the work of a page that is in memory.
	lines.push(
		`{"at":"${at}","event":"request","requestId":"${requestId}","method":${shown[0]},"path":${shown[1]},"status":${status},"milliseconds":${Math.round(milliseconds * 10) / 10}}`,
	);
	if (lines.length === 1) setTimeout(writeLines, gatherMs).unref();
}

/** Lines of the same moment are written together: standard output is often a pipe, where each write waits for its reader. */
const gatherMs = 20;
let lines: string[] = [];
process.on("exit", writeLines);
// When its reader has gone, or its disk is full, the site goes on without the log: an error that nobody hears ends a process.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

function writeLines(): void {
	if (lines.length > 0) process.stdout.write(`${lines.join("\n")}\n`);
	lines = [];
}

/** Messages quote what they are about, and those of the language also name it after a colon. */
function withoutValues({ name, message }: Error): string {
	const unquoted = message.replace(/(["'`«]).*?["'`»]/gs, "$1…$1");
	return name === "Error" ? unquoted : unquoted.replace(/: .*$/s, ": …");
}

function withoutTokens(path: string): string {
	return path.replace(/[^/]+/g, (segment) => {
		if (/@|%40/.test(segment)) return "…";
		// Most are too short to hold a token, and looking for one takes longer than all else of a line.
		return segment.length < 40 ? segment : segment.replace(/[^?=&]{40,}/g, "…");
	});
}
