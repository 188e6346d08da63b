import { expect, test } from "vitest";
import { holdsSiteAddress } from "#app/domain/site-address.ts";
import { parseForm } from "#app/forms/parse-form.ts";
import { correctionForm, groupPersonForm, personForm } from "#app/forms/person-form.ts";
import { parseRegister } from "#app/forms/register-form.ts";

const addresses = [
	"https://gagnez-un-prix.example",
	"Zoé, voyez ftp://exemple/prix",
	"WWW.gagnez.example",
	"gagnez-un-prix.com",
	"Gagnez sur Exemple.CA, Zoé",
	"Zoé (prix.exemple.ca/x)",
	"«exemple.com.»",
	"exemple.com?zoe",
	"exemple.com:8080",
	"zoe@exemple.ca",
	"Zoé/exemple.ca",
	"un.prix.win",
	"l'exemple.quebec",
	"t.me/gagnez",
	"t.me/+gagnez",
	"prix🎁.ws",
	"пример.рф",
	"xn--e1afmkfd.xn--p1ai",
	"exem\u00adple.c\u200bom",
	"gagnez.com\ufe0f",
	"gagnez.com\u3164 Zoé",
	"gagnez.com❤",
	"gagnez.com+x",
	"gagnez.com-x",
	"a-bc.xyz",
	"j-p.top",
	"prof.a-bc.site",
	"mme.click",
	"t.me/@gagnez",
	"t.me/%67agnez",
	"t.me/1234",
	"t.me/ab",
	"t.me/.gagnez",
	"x.co?prix=1",
	"t.co#prix",
	"t.cc:8080/gagnez",
	"ow.ly//abcdef",
];

test.each(addresses)("what a mail program makes a link of is seen: %s", (name) => {
	expect(holdsSiteAddress(name)).toBe(true);
});

test.each([
	"Jean St.Pierre",
	"jean.tremblay",
	"J.P. Tremblay",
	"J.R.R.Tolkien",
	"Dr. O'Neil-Côté, ing.",
	"Dr.O’Neil",
	"Zoé Roy (M.Sc.)",
	"Zoé Roy, B.Sc/M.Sc, Ph.D.",
	"Zoé Roy, B.Com. et LL.M.",
	"Roy Ph.D",
	"M. Roy et Mme Roy/Côté",
	"M.Roy/Mme.Côté",
	"Dr.Ng",
	"J.-P.Ma",
	"M.Do...",
	"Marie. Page",
	"Sammy Davis Jr.",
	"Com Net",
	"А.С.Пушкин",
	"王小明",
	"金·卡戴珊",
	"نور الخوري",
	"می‌نا",
	"...",
	".",
	"/",
])("a name is no address: %s", (name) => {
	expect(holdsSiteAddress(name)).toBe(false);
});

test("an endless name is looked at in no time", () => {
	const before = performance.now();
	for (const part of ["x", ".", "x.", "/", "x/", "-", "\u00ad"]) holdsSiteAddress(part.repeat(100_000));
	expect(performance.now() - before).toBeLessThan(2000);
});

const spam = "Gagnez sur exemple.ca/x";
const own = { email: "zoe@exemple.ca", locale: "fr" };

test.each([
	["whoever gives a seat or corrects their own", personForm],
	["the contact of a group", groupPersonForm],
])("%s names nobody by an address", (_, schema) => {
	const parse = (name: string) => parseForm(schema, Object.entries({ ...own, name }));
	expect(parse("Zoé St.Pierre").ok).toBe(true);
	expect(parse(spam)).toMatchObject({ ok: false, values: { name: spam }, errors: { name: "nameAddress" } });
	const kept = parseForm(correctionForm(schema, spam), Object.entries({ ...own, name: spam }));
	expect(kept.ok).toBe(true);
	expect(parse("")).toMatchObject({ errors: { name: "nameMissing" } });
	expect(parse("exemple.ca/".repeat(20))).toMatchObject({ errors: { name: "nameLong" } });
});

test("nobody is signed up under an address, neither the contact nor a colleague; an organization may be called as its site", () => {
	const parse = (changes: Record<string, string>) => {
		const form = new FormData();
		const date = "01a20c4e-c370-711d-9369-2be1b1057a8f";
		const typed = { ...own, date, key: "k", name: "Zoé Roy", organization: "Exemple.ca inc.", ...changes };
		for (const [name, value] of Object.entries(typed)) form.set(name, value);
		return parseRegister(form);
	};
	expect(parse({ name2: "Jean St.Pierre" }).ok).toBe(true);
	expect(parse({ name: spam, name2: spam, name3: "J.P. Roy" })).toMatchObject({
		ok: false,
		values: { name: spam, name2: spam, name3: "J.P. Roy" },
		errors: { name: "nameAddress", name2: "nameAddress" },
	});
});
