import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readConfig } from "#app/config.server.ts";

const dockerfile = readFileSync("Dockerfile", "utf8");
const compose = readFileSync("compose.yaml", "utf8");
const readme = readFileSync("README.md", "utf8");
const configSource = readFileSync("app/config.server.ts", "utf8");
const variables = [...configSource.matchAll(/^\t([A-Z_]+): z\./gm)].map(([, name]) => name!);

test("what the image copies is there or is built, and what it runs is what the build makes", () => {
	const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files]) =>
		files!.split(" "),
	);
	for (const file of copied) expect(existsSync(file), file).toBe(true);
	expect(dockerfile).toContain('CMD ["node", "build/server.js"]');
	expect(readFileSync("scripts/build.mjs", "utf8")).toContain('outfile: "build/server.js"');
	expect(dockerfile).toMatch(/^USER node$/m);
});

test("the instances of compose.yaml get variables that exist, and enough of them to start", () => {
	const app = compose.slice(compose.indexOf("\n  app:"), compose.indexOf("\n  proxy:"));
	const given = [...app.matchAll(/^ {6}([A-Z_]+): (.+)$/gm)].map(([, name, value]) => ({
		name: name!,
		value: value!,
	}));
	for (const { name } of given) expect(variables, name).toContain(name);
	const filled = given.map(({ name, value }) => {
		const plain = value.replace(/^"|"$/g, "").replace(/\$\{POSTGRES_PASSWORD\}/, "mot-de-passe");
		return [
			name,
			plain
				.replace(/\$\{PUBLIC_URL.*\}/, "https://ateliers.exemple.ca")
				.replace(/\$\{COOKIE_SECRET.*\}/, "x".repeat(40))
				.replace(/\$\{.*:-\}/, ""),
		];
	});
	const config = readConfig(Object.fromEntries(filled));
	expect(config).toMatchObject({
		production: true,
		trustProxyHops: 1,
		publicUrl: "https://ateliers.exemple.ca",
	});
});

test("the README has every variable, and the proxy leads to the port that the image opens", () => {
	for (const name of variables) expect(readme, name).toContain(`\`${name}\``);
	const port = /PORT=(\d+)/.exec(dockerfile)![1];
	expect(readFileSync("Caddyfile", "utf8")).toContain(`dynamic a app ${port}`);
	expect(dockerfile).toContain(`EXPOSE ${port}`);
});

test.each([
	[
		"the address of a database without secrets",
		{ DATABASE_URL: "postgresql://x/y" },
		/COOKIE_SECRET.*PUBLIC_URL/,
	],
	["a port that is none", { PORT: "quatre-vingts" }, /PORT/],
	["a short secret", { COOKIE_SECRET: "court" }, /32 characters/],
	["half of a DKIM key", { DKIM_DOMAIN: "exemple.ca" }, /DKIM_SELECTOR/],
	[
		"mail that leaves while nobody owns the site",
		{ SMTP_URL: "smtp://courriel.exemple.ca" },
		/ORGANIZER_EMAIL/,
	],
	["a sender that is no address", { MAIL_FROM: "Présence" }, /MAIL_FROM/],
])("%s stops the start with a sentence", (_, environment, sentence) => {
	expect(() => readConfig(environment)).toThrow(sentence);
	expect(() => readConfig(environment)).toThrow(/^Présence cannot start: /);
});
