import { parseArgs } from "node:util";
import { runCampaign, sabotages } from "#tests/faults/campaign.ts";
import { brokenPromises, leftAfter } from "#tests/faults/promises.ts";

/*
 * npm run faults -- --seed 7 --seconds 600 --instances 3: fails with what was broken, and the seed to see it again.
 * npm run faults -- --sabotaged: instances that break one promise each; fails when one is not seen to be broken.
 */
const { values } = parseArgs({
	options: {
		seed: { type: "string", default: String(Date.now() % 1_000_000) },
		seconds: { type: "string", default: "120" },
		instances: { type: "string", default: "3" },
		capacity: { type: "string", default: "15" },
		sabotaged: { type: "boolean", default: false },
	},
});
if (values.sabotaged) process.exit((await seesEachSabotage()) ? 0 : 1);

const [seed, seconds, instances, capacity] = [
	values.seed,
	values.seconds,
	values.instances,
	values.capacity,
].map(Number) as [number, number, number, number];
const { facts, faults, answers } = await runCampaign({ seed, seconds, instances, capacity });
const broken = brokenPromises(facts);
const copies = facts.received.length - new Set(facts.received.map(({ messageId }) => messageId)).size;
console.log(JSON.stringify({ seed, seconds, instances, capacity, answers, faults }));
console.log(
	`${facts.registrations.length} registrations, ${facts.emails.length} emails, ${copies} sent twice under one Message-ID, ${facts.looks.length} looks at the seats.`,
);
const left = leftAfter(facts).map(({ ms }) => ms / 1000);
console.log(
	`${left.length} emails waited when everything worked again; the last left after ${Math.max(0, ...left).toFixed(1)} s.`,
);
console.log(broken.length === 0 ? "Every promise was kept." : broken.join("\n"));
process.exit(broken.length === 0 ? 0 : 1);

async function seesEachSabotage(): Promise<boolean> {
	let seesAll = true;
	for (const [name, expected] of Object.entries(sabotages)) {
		const sabotage = name as keyof typeof sabotages;
		const { facts } = await runCampaign({ seed: 7, seconds: 8, instances: 2, capacity: 8, sabotage });
		const broken = brokenPromises(facts);
		const seen = broken.filter((line) => expected.test(line));
		console.log(
			`${sabotage}: ${seen.length} of ${broken.length} lines say so${seen[0] ? `, as ${seen[0]}` : ""}`,
		);
		seesAll &&= seen.length > 0;
	}
	return seesAll;
}
