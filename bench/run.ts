import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { measureEmails } from "./emails.ts";
import { measureExports } from "./exports.ts";
import { measureGrowth } from "./growth.ts";
import { measureListPage, measurePages } from "./pages.ts";
import { measureSignUps } from "./sign-ups.ts";
import { printTable, type Row } from "./table.ts";

/*
 * npm run bench [-- --only sign-ups,list,exports,emails,pages,growth] [--seconds 5] [--long]
 * Each figure stands beside the limit of the same machine in the same run. The load average says how quiet it was.
 */
const { values } = parseArgs({
	options: {
		only: { type: "string", default: "sign-ups,list,exports,emails,pages,growth" },
		seconds: { type: "string", default: "5" },
		/** Grow to 1,000,000 registrations and 10,000 sessions, instead of 100,000 and 1,000. */
		long: { type: "boolean", default: false },
	},
});
const seconds = Number(values.seconds);
const parts: Record<string, () => Promise<Row[]>> = {
	"sign-ups": () => measureSignUps(seconds),
	list: () => measureListPage(seconds),
	exports: () => measureExports(),
	emails: () => measureEmails(),
	pages: () => measurePages(),
	growth: () => measureGrowth(seconds, values.long),
};

const rows: Row[] = [];
for (const name of values.only.split(",")) {
	const measure = parts[name];
	if (!measure) throw new Error(`There is no part named ${name}: ${Object.keys(parts).join(", ")}.`);
	console.error(`${name}…`);
	const measured = (await measure()).map((row) => ({ ...row, load: loadavg()[0] }));
	for (const { what, figure, ratio = "" } of measured) console.error(`  ${what}: ${figure} ${ratio}`);
	rows.push(...measured);
}
printTable(rows);
