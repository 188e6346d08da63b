import { expect, test } from "vitest";
import { anOwnerIsLeft, browserName, roleReaches, roles } from "#app/domain/organizer.ts";

test("each role does what the ones before it do, and no more", () => {
	const reached = roles.map((role) => roles.filter((least) => roleReaches(role, least)));
	expect(reached).toEqual([["door"], ["door", "organizer"], ["door", "organizer", "owner"]]);
});

test("somebody else must own the site before an owner stops", () => {
	expect(anOwnerIsLeft(["a"], "a")).toBe(false);
	expect(anOwnerIsLeft(["a", "b"], "a")).toBe(true);
	expect(anOwnerIsLeft(["a"], "c")).toBe(true);
});

test.each([
	["Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox · Windows"],
	[
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
		"Safari · iPhone",
	],
	[
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
		"Chrome · macOS",
	],
	[
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
		"Edge · Windows",
	],
	[
		"Mozilla/5.0 (Linux; Android 14; SM-S921W) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36",
		"Samsung Internet · Android",
	],
	["curl/8.5.0", ""],
])("a browser is called as people call it: %s", (userAgent, name) => {
	expect(browserName(userAgent)).toBe(name);
});
