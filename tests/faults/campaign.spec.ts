import { beforeAll, expect, test } from "vitest";
import { type Report, runCampaign } from "./campaign.ts";
import { brokenPromises, type Facts } from "./promises.ts";

/*
 * Every kind of fault at least once, from a fixed seed. Longer, with any seed: npm run faults -- --seed 7 --seconds 600.
 */
let report: Report;

beforeAll(async () => {
	report = await runCampaign({ seed: 20_261_201, seconds: 20, instances: 2, capacity: 40 });
}, 170_000);

test("instances, the database, its connections and the mail server fail, and every promise is kept", () => {
	const { facts, faults, answers } = report;
	expect(faults).toEqual({
		killInstance: expect.any(Number),
		killPostgres: expect.any(Number),
		cutCommits: expect.any(Number),
		freezeInstance: expect.any(Number),
		badMailServer: expect.any(Number),
		cutAtCommit: expect.any(Number),
	});
	expect(faults.cutAtCommit).toBeGreaterThan(0);
	expect(answers.booked).toBeGreaterThan(10);
	expect(facts.looks.length).toBeGreaterThan(20);
	expect(facts.received.length).toBeGreaterThan(10);
	expect(brokenPromises(facts)).toEqual([]);
});

/** The same history, as it would have been had one promise been broken. */
const doctored: [promise: RegExp, how: string, change: (facts: Facts) => void][] = [
	[
		/^oversold/,
		"one seat too many at one moment",
		({ looks }) => {
			looks[0]!.taken = looks[0]!.capacity + 1;
		},
	],
	[
		/^oversold.*in the end/,
		"one seat too many in the end",
		({ session, registrations }) => {
			session.capacity = registrations.filter(({ status }) => status === "confirmed").length - 1;
		},
	],
	[
		/^lost/,
		"a booking that was told of and is not there",
		({ told, bookings }) => {
			const { key } = told.find(({ answer }) => answer === "booked")!;
			bookings.splice(
				bookings.findIndex((one) => one.key === key),
				1,
			);
		},
	],
	[
		/^lost.*no place/,
		"a booking whose place is gone",
		({ told, registrations }) => {
			const { email } = told.find(({ answer, cancelled }) => answer === "booked" && cancelled === "no")!;
			registrations.find((one) => one.email === email)!.status = "cancelled";
		},
	],
	[
		/^twice.*bookings/,
		"two bookings of one form",
		({ told, bookings }) => {
			const { key } = told.find(({ answer }) => answer === "booked")!;
			bookings.push({ id: "another", key });
		},
	],
	[
		/^twice.*places/,
		"two places for one person",
		({ registrations }) => {
			const one = registrations.find(({ status }) => status === "confirmed")!;
			registrations.push({ ...one, id: "another" });
		},
	],
	[
		/^untrue/,
		"a date that was never full, said to be",
		(facts) => {
			const one = facts.told[0]!;
			one.answer = "full";
			facts.looks = [{ at: one.startedAt, capacity: 40, counted: 0, taken: 0, waiting: 0 }];
		},
	],
	[
		/^emails: 0 confirmations/,
		"a confirmation that was never queued",
		({ emails, registrations }) => {
			const mine = emails.findIndex(
				({ registrationId, kind }) =>
					kind === "confirmation" && registrations.some(({ id }) => id === registrationId),
			);
			emails.splice(mine, 1);
		},
	],
	[
		/^emails: .* left for nothing/,
		"an email for a row that was rolled back",
		({ received }) => {
			received.push({ messageId: "<nobody@exemple.ca>", text: "" });
		},
	],
	[
		/^emails: copies/,
		"two copies that differ",
		({ received }) => {
			received.push({ ...received[0]!, text: "autre chose" });
		},
	],
	[
		/^emails: .* still/,
		"an email that nobody sends",
		({ emails }) => {
			emails[0]!.status = "queued";
		},
	],
	[
		/^unfair/,
		"somebody seated before those ahead of them",
		({ entries }) => {
			entries.push(
				{ seq: 1_000_001, state: "waiting", size: 1 },
				{ seq: 1_000_002, state: "confirmed", size: 1 },
			);
		},
	],
	[
		/^counted/,
		"a counter that drifts",
		({ session }) => {
			session.seatsTaken += 1;
		},
	],
	[
		/^leaked/,
		"a seat left free while somebody waits",
		({ session, entries }) => {
			session.capacity += 1_000;
			entries.push({ seq: 1_000_001, state: "waiting", size: 1 });
		},
	],
	[
		/^audit/,
		"a change that nobody recorded",
		({ audit }) => {
			audit.splice(
				audit.findIndex(({ action }) => action === "registration.confirmed"),
				1,
			);
		},
	],
];

test.each(doctored)("the checker reports %s: %s", (promise, _how, change) => {
	const facts = structuredClone(report.facts);
	change(facts);
	expect(brokenPromises(facts)).toContainEqual(expect.stringMatching(promise));
});
