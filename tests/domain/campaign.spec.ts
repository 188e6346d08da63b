import { expect, test } from "vitest";
import { campaignPhase, messageIn, variablesFor } from "#app/domain/campaign.ts";
import { fillVariables, unknownVariables } from "#app/domain/placeholders.ts";

test("a variable that not every reader has is found, and so is a brace left open", () => {
	const allowed = variablesFor("confirmed");
	expect(unknownVariables("Bonjour {{name}}, {{ manage_url }}", allowed)).toEqual([]);
	const started = performance.now();
	expect(unknownVariables(`a {{${" ".repeat(9_000)}b`, allowed)).toEqual(["{{"]);
	expect(performance.now() - started).toBeLessThan(500);
	expect(unknownVariables("{{prenom}} et {{name}} et {{prenom}}", allowed)).toEqual(["{{prenom}}"]);
	expect(unknownVariables("{{name} {{name}}", allowed)).toEqual(["{{"]);
	expect(unknownVariables("a }} b", allowed)).toEqual(["}}"]);
	expect(unknownVariables("{{name}}", variablesFor("interest"))).toEqual(["{{name}}"]);
});

test("values are filled in once, whatever they hold", () => {
	expect(fillVariables("{{name}} à {{place}}", { name: "{{place}}", place: "Laval" })).toBe(
		"{{place}} à Laval",
	);
	expect(fillVariables("{{toString}}", {})).toBe("{{toString}}");
	expect(fillVariables("At {{time}}. At {{time}}, yes.", { time: "9 a.m." })).toBe(
		"At 9 a.m. At 9 a.m., yes.",
	);
});

test("who reads English gets English where it is whole, and else French under its name", () => {
	const french = { subjectFr: "Bonjour", bodyFr: "Salut", subjectEn: "Hello", bodyEn: "" };
	expect(messageIn(french, "en")).toEqual({ subject: "Bonjour", body: "Salut", lang: "fr" });
	expect(messageIn({ ...french, bodyEn: "Hi" }, "en")).toEqual({ subject: "Hello", body: "Hi", lang: "en" });
});

test("a message is undone until its time, under way while a copy is left, then sent", () => {
	const sendsAt = new Date("2026-11-23T15:00:30Z");
	const at = (second: number) => new Date(sendsAt.getTime() + second * 1000);
	expect(campaignPhase({ state: "sending", sendsAt }, 0, at(-1))).toBe("undoable");
	expect(campaignPhase({ state: "sending", sendsAt }, 0, at(0))).toBe("sending");
	expect(campaignPhase({ state: "sent", sendsAt }, 3, at(9))).toBe("sending");
	expect(campaignPhase({ state: "sent", sendsAt }, 0, at(9))).toBe("sent");
	expect(campaignPhase({ state: "stopped", sendsAt }, 0, at(9))).toBe("stopped");
});
