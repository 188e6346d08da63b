import { expect, test } from "vitest";
import { mayAnnounce, missingFacts } from "#app/domain/firm.ts";

const complete = {
	postalAddress: "1200, rue Sainte-Catherine Est, Montréal (Québec) H2L 2H1",
	email: "formation@exemple.ca",
	privacyOfficerFr: "Direction générale",
};

test("a site that has just been made says what the firm has still to say of itself", () => {
	const blank = { postalAddress: "", email: "", privacyOfficerFr: "" };
	expect(missingFacts(blank)).toEqual(["postalAddress", "email", "privacyOfficer"]);
	expect(missingFacts({ ...complete, privacyOfficerFr: "" })).toEqual(["privacyOfficer"]);
	expect(missingFacts(complete)).toEqual([]);
});

test("promotional messages need a postal address and an email, and no more", () => {
	expect(mayAnnounce({ ...complete, postalAddress: "" })).toBe(false);
	expect(mayAnnounce({ ...complete, email: "" })).toBe(false);
	expect(mayAnnounce(complete)).toBe(true);
});
