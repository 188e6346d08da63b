import { expect, test } from "vitest";
import { readPeopleList } from "#app/domain/people-list.ts";

test.each([
	["Zoé Roy <zoe@exemple.ca>", "Zoé Roy", "zoe@exemple.ca"],
	["Roy, Zoé; zoe@exemple.ca", "Zoé Roy", "zoe@exemple.ca"],
	['"Roy, Zoé" <zoe@exemple.ca>', "Zoé Roy", "zoe@exemple.ca"],
	["Zoé Roy\tzoe@exemple.ca", "Zoé Roy", "zoe@exemple.ca"],
	["Zoé\tRoy\tzoe@exemple.ca", "Zoé Roy", "zoe@exemple.ca"],
	["zoe@exemple.ca\tZoé Roy", "Zoé Roy", "zoe@exemple.ca"],
	["Zoé Roy, zoe@exemple.ca", "Zoé Roy", "zoe@exemple.ca"],
	["Zoé Roy;zoe@exemple.ca;", "Zoé Roy", "zoe@exemple.ca"],
	["  Zoé Roy (zoe@exemple.ca)  ", "Zoé Roy", "zoe@exemple.ca"],
	["Zoé Roy <mailto:zoe@exemple.ca>", "Zoé Roy", "zoe@exemple.ca"],
	["zoe@exemple.ca", "", "zoe@exemple.ca"],
	["Zoé Roy", "Zoé Roy", ""],
	["Sans Adresse", "Sans Adresse", ""],
	["Jean-Philippe St-Onge, ing., M. Sc.", "Jean-Philippe St-Onge, ing., M. Sc.", ""],
	["نور الخوري <nour@exemple.ca>", "نور الخوري", "nour@exemple.ca"],
	["🎉 Lan <lan@exemple.ca>", "🎉 Lan", "lan@exemple.ca"],
])("%s", (line, name, email) => {
	expect(readPeopleList(line)).toEqual([{ name, email }]);
});

test.each([
	"Zoé Roy <zoe@exemple.ca>; Marc Côté <marc@exemple.ca>; Ann Lee <ann@exemple.ca>",
	'"Roy, Zoé" <zoe@exemple.ca>, Côté, Marc <marc@exemple.ca>, Ann Lee <ann@exemple.ca>,',
	"Zoé Roy; zoe@exemple.ca ; Marc Côté; marc@exemple.ca; Ann Lee; ann@exemple.ca;",
])("several people on one line, as a mail program has them: %s", (line) => {
	expect(readPeopleList(line)).toEqual([
		{ name: "Zoé Roy", email: "zoe@exemple.ca" },
		{ name: "Marc Côté", email: "marc@exemple.ca" },
		{ name: "Ann Lee", email: "ann@exemple.ca" },
	]);
	expect(readPeopleList(Array(50).fill(line).join("; "))).toHaveLength(150);
});

test.each([
	"zoe@exemple.ca, Zoé Roy; luc@exemple.ca, Luc Roy",
	"Zoé Roy; zoe@exemple.ca; 514 555-0100; patron@exemple.ca",
])("cells with more than one address give nobody somebody else's: %s", (line) => {
	expect(readPeopleList(line)).toHaveLength(1);
});

test("what looks like HTML is text, and an address in it is found", () => {
	expect(readPeopleList('<b onclick="x">Zoé</b> zoe@exemple.ca')).toEqual([
		{ name: "b onclick= x Zoé /b", email: "zoe@exemple.ca" },
	]);
});

test("empty lines and the headings of a spreadsheet are left out, whatever the line ends", () => {
	const list = "Prénom\tNom\tCourriel\r\n\r\nZoé\tRoy\tzoe@exemple.ca\rNoé\tCôté\tnoe@exemple.ca\n  \n";
	expect(readPeopleList(list).map(({ name }) => name)).toEqual(["Zoé Roy", "Noé Côté"]);
});

test("a list of thousands of lines, or one endless line, is read in no time", () => {
	expect(readPeopleList("Zoé <zoe@exemple.ca>\n".repeat(5000))).toHaveLength(5000);
	expect(readPeopleList("a".repeat(200_000))).toHaveLength(1);
	expect(readPeopleList(`${" ,".repeat(100_000)}x`)).toHaveLength(1);
	expect(readPeopleList(`${"a@".repeat(100_000)};x@y`)).toHaveLength(1);
	expect(readPeopleList(`x@y${" ".repeat(100_000)};x@y`)).toHaveLength(2);
});
