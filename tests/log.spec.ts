import { expect, test, vi } from "vitest";
import { logError } from "#app/http/log.server.ts";

test("of an error whose message has several lines, none is taken for the stack", () => {
	const written = vi.spyOn(console, "error").mockImplementation(() => {});
	const error = new Error("duplicate key\nDetail: (email)=(zoe@exemple.ca)");
	logError("test.failed", Object.assign(error, { code: "23505" }));
	const [line] = written.mock.calls[0]!;
	written.mockRestore();
	expect(line).not.toMatch(/zoe|duplicate/);
	expect(JSON.parse(line as string)).toMatchObject({ event: "test.failed", code: "23505" });
	expect(line).toContain("log.spec.ts");
});
