import { expect, test, vi } from "vitest";
import { logError } from "#app/http/log.server.ts";

test("of an error whose message has several lines, none is taken for the stack", () => {
	const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
	const error = new Error("duplicate key\nDetail: (email)=(zoe@exemple.ca)");
	logError("test.failed", Object.assign(error, { code: "23505" }));
	const [line] = written.mock.calls[0]!;
	written.mockRestore();
	expect(line).not.toMatch(/zoe|duplicate/);
	expect(JSON.parse(line as string)).toMatchObject({ event: "test.failed", code: "23505" });
	expect(line).toContain("log.spec.ts");
});

test("of an error without a code, what its message is about is left out", () => {
	const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
	const errors = [
		new RangeError("invalid calendar date: zoe@exemple.ca"),
		new SyntaxError(`Unexpected token 'z', "zoe@exemple.ca" is not valid JSON`),
		new TypeError("Cannot read properties of undefined (reading 'slug')"),
	];
	for (const error of errors) logError("test.failed", error);
	const seen = written.mock.calls.map(([line]) => JSON.parse(line as string).message);
	written.mockRestore();
	expect(seen).toEqual([
		"invalid calendar date: …",
		`Unexpected token '…', "…" is not valid JSON`,
		"Cannot read properties of undefined (reading '…')",
	]);
});

test("of a path, what may be a token or an address is left out, and the rest stays", () => {
	const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
	const token = `0190b2f0-1111-7222-8333-444455556666.${"a".repeat(32)}`;
	const paths = {
		"/ateliers/les-medias-sociaux": "/ateliers/les-medias-sociaux",
		[`/ma-place/${token}/annuler`]: "/ma-place/…/annuler",
		[`/sign-in=${token}`]: "/sign-in=…",
		"/courriels/zoe@exemple.ca": "/courriels/…",
		"/courriels/zoe%40exemple.ca/fr": "/courriels/…/fr",
	};
	for (const path of Object.keys(paths)) logError("test.failed", new Error("refused"), { path });
	const seen = written.mock.calls.map(([line]) => JSON.parse(line as string).path);
	written.mockRestore();
	expect(seen).toEqual(Object.values(paths));
});
