import { parseArgs } from "node:util";
import { runCampaign } from "#tests/faults/campaign.ts";
import { brokenPromises, leftAfter } from "#tests/faults/promises.ts";

// npm run faults -- --seed 7 --seconds 600 --instances 3: fails with what was broken, and the seed to see it again.
const { values } = parseArgs({
	options: {
		seed: { type: "string", default: String(Date.now() % 1_000_000) },
		seconds: { type: "string", default: "120" },
		instances: { type: "string", default: "3" },
		capacity: { type: "string", default: "15" },
	},
});
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
