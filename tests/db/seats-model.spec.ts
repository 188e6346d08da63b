import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { WaitlistMode } from "#db/schema.ts";
import { createTestDatabase } from "#tests/database.ts";
import { givenOrganizer, origin } from "#tests/fixtures.ts";
import { seatProblems } from "./seats-check.ts";
import { aWorld, commands, type Real, taken, type World } from "./seats-model.ts";

/*
 * Whatever people and organizers do, in whatever order: the site and a second telling of its rules, written without a
 * database, agree on everyone after each step, and the promises hold at rest. SEED replays a run that failed.
 */
const runs = Number(process.env.MODEL_RUNS ?? 100);
const steps = Number(process.env.MODEL_STEPS ?? 50);
const modes: [WaitlistMode, WaitlistMode][] = [
	["offer", "automatic"],
	["offer", "none"],
];

const { db, drop } = await createTestDatabase();
afterAll(drop);

test(`${runs} stories of ${steps} steps: nobody's place is other than the rules say`, {
	timeout: 600_000,
}, async () => {
	const organizer = await givenOrganizer(db);
	const story = fc.array(fc.oneof(...commands), { minLength: steps, maxLength: steps });
	await fc.assert(
		fc.asyncProperty(story, fc.constantFrom(...modes), async (cmds, mode) => {
			const world = await aWorld(db, mode);
			const real: Real = { db, origin, organizerId: organizer.id };
			await fc.asyncModelRun(() => ({ model: world, real }), watched(cmds));
		}),
		{
			numRuns: runs,
			seed: Number(process.env.SEED ?? 20_261_201),
			path: process.env.STORY,
			endOnFailure: true,
		},
	);
});

/** Looks at the whole site after each step. */
function* watched(cmds: Iterable<fc.AsyncCommand<World, Real>>): Generator<fc.AsyncCommand<World, Real>> {
	for (const cmd of cmds) {
		yield {
			check: (world) => cmd.check(world),
			toString: () => cmd.toString(),
			async run(world, real) {
				const before = world.dates.map((date) => taken(world, date));
				await cmd.run(world, real);
				await expectAgreement(world, real, before).catch((error) => {
					error.message = `After "${cmd}": ${error.message}`;
					throw error;
				});
			},
		};
	}
}

async function expectAgreement(world: World, real: Real, before: number[]): Promise<void> {
	const ids = world.dates.map(({ id }) => id);
	const rows = await real.db
		.selectFrom("registration")
		.select(["id", "status", "sessionId"])
		.where("sessionId", "in", ids)
		// Whoever is erased has left the story, and `seatProblems` sees that they hold nothing.
		.where("name", "<>", "")
		.execute();
	const told = new Map(world.people.map(({ id, status, date }) => [id, `${status} ${ids.indexOf(date.id)}`]));
	const kept = new Map(rows.map(({ id, status, sessionId }) => [id, `${status} ${ids.indexOf(sessionId)}`]));
	expect(kept).toEqual(told);
	expect(await seatProblems(real.db, ids)).toEqual([]);
	// A capacity that was lowered takes nobody's seat, and adds none until it fits again.
	for (const [index, date] of world.dates.entries()) {
		const held = taken(world, date);
		if (held > date.capacity) expect(held).toBeLessThanOrEqual(before[index]!);
	}
}
