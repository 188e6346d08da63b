import { expect, test } from "vitest";
import { keptUntil, mayBeDeleted, stillToDo } from "#app/domain/incident.ts";
import { incidentForm } from "#app/forms/incident-form.server.ts";
import { parseForm } from "#app/forms/parse-form.ts";
import { anIncident } from "#tests/fixtures.ts";

test("what is left to do follows the risk", () => {
	const fresh = anIncident({ risk: "unknown", measures: "" });
	expect(stillToDo(fresh)).toEqual(["measures", "assess"]);
	const serious = anIncident({ risk: "serious" });
	expect(stillToDo(serious)).toEqual(["tellCommission", "tellPeople"]);
	expect(stillToDo({ ...serious, commissionToldOn: "2026-11-21" })).toEqual(["tellPeople"]);
	const told = { commissionToldOn: "2026-11-21", peopleTold: "Le 22 novembre" };
	expect(stillToDo({ ...serious, ...told })).toEqual([]);
	expect(stillToDo(anIncident({ risk: "none" }))).toEqual([]);
});

test("an incident is kept for five years after it was learned of, and may leave on the next day", () => {
	expect(keptUntil("2026-11-20")).toBe("2031-11-20");
	expect(keptUntil("2028-02-29")).toBe("2033-03-01");
	expect(keptUntil("0026-12-01")).toBe("0031-12-01");
	const incident = anIncident({ learnedOn: "2026-11-20" });
	expect(mayBeDeleted(incident, "2031-11-20")).toBe(false);
	expect(mayBeDeleted(incident, "2031-11-21")).toBe(true);
});

function parse(changes: Record<string, string>) {
	const { commissionToldOn: _, ...described } = anIncident();
	return parseForm(incidentForm("2026-11-23"), Object.entries({ ...described, ...changes }));
}

test("an incident can be written down before everything is known, but not without what the law asks first", () => {
	const begun = parse({ measures: "", risk: "unknown", riskReasons: "" });
	expect(begun).toMatchObject({ ok: true, data: { commissionToldOn: null, revision: 0 } });
	const empty = parseForm(incidentForm("2026-11-23"), []);
	expect(!empty.ok && Object.keys(empty.errors).sort()).toEqual([
		"circumstances",
		"information",
		"learnedOn",
		"occurred",
		"people",
		"risk",
	]);
});

test("a conclusion about the risk comes with its reasons", () => {
	for (const risk of ["none", "serious"])
		expect(parse({ risk, riskReasons: " " })).toMatchObject({ errors: { riskReasons: "riskReasons" } });
	expect(parse({ risk: "unknown", riskReasons: "" }).ok).toBe(true);
	expect(parse({ risk: "maybe" })).toMatchObject({ errors: { risk: "risk" } });
});

test("dates exist and are past, and texts have an end", () => {
	expect(parse({ learnedOn: "2026-11-23", commissionToldOn: "2026-11-23" }).ok).toBe(true);
	expect(parse({ learnedOn: "2026-11-24" })).toMatchObject({ errors: { learnedOn: "future" } });
	expect(parse({ learnedOn: "2026-02-30" })).toMatchObject({ errors: { learnedOn: "date" } });
	for (const typed of ["0026-11-20", "0000-01-01", "0202-12-01"]) {
		expect(parse({ learnedOn: typed })).toMatchObject({ errors: { learnedOn: "year" } });
		expect(parse({ commissionToldOn: typed })).toMatchObject({ errors: { commissionToldOn: "year" } });
	}
	expect(parse({ commissionToldOn: "hier" })).toMatchObject({ errors: { commissionToldOn: "date" } });
	expect(parse({ circumstances: "é".repeat(5001) })).toMatchObject({ errors: { circumstances: "long" } });
});
