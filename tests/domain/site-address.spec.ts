import { expect, test } from "vitest";
import { holdsSiteAddress } from "#app/domain/site-address.ts";

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
	"M.Li/Mme Roy",
	"Dr.Ng",
	"J.-P.Ma",
	"J-P.Kim",
	"Mme.Page",
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
