import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Job, startScheduler } from "#app/jobs/scheduler.server.ts";

beforeEach(() => {
	vi.useFakeTimers({ now: new Date("2026-11-23T15:00:00Z") });
});
afterEach(() => {
	vi.useRealTimers();
});

const minute = 60_000;

function givenJob(run: Job["run"] = async () => {}) {
	const times: string[] = [];
	const job: Job = {
		name: "reminders",
		everyMs: minute,
		run(now) {
			times.push(now.toISOString().slice(11, 16));
			return run(now);
		},
	};
	return { job, times };
}

test("a job runs at the start, then at its interval, until it is stopped", async () => {
	const { job, times } = givenJob();
	const stop = startScheduler([job], () => {});
	await vi.advanceTimersByTimeAsync(2 * minute);
	await stop();
	await vi.advanceTimersByTimeAsync(5 * minute);
	expect(times).toEqual(["15:00", "15:01", "15:02"]);
});

test("a job that takes longer than its interval is not started twice, and the stop waits for it", async () => {
	let finish: () => void = () => {};
	const { job, times } = givenJob(
		() =>
			new Promise((resolve) => {
				finish = resolve;
			}),
	);
	const stop = startScheduler([job], () => {});
	await vi.advanceTimersByTimeAsync(3 * minute);
	expect(times).toEqual(["15:00"]);
	let stopped = false;
	const stopping = stop().then(() => {
		stopped = true;
	});
	await vi.advanceTimersByTimeAsync(minute);
	expect(stopped).toBe(false);
	finish();
	await stopping;
});

test("a job that fails is reported and runs again, and the others are not held back", async () => {
	const reports: string[] = [];
	const failing = givenJob(async () => {
		throw new Error("no database");
	});
	const other = givenJob();
	const stop = startScheduler([failing.job, other.job], (event) => reports.push(event));
	await vi.advanceTimersByTimeAsync(minute);
	await stop();
	expect(failing.times).toEqual(["15:00", "15:01"]);
	expect(other.times).toEqual(["15:00", "15:01"]);
	expect(reports).toEqual(["reminders.failed", "reminders.failed"]);
});
