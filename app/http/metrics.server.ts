import { monitorEventLoopDelay } from "node:perf_hooks";
import type pg from "pg";

/** Upper bounds of the histogram, in seconds. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

type Counts = { waiting: number; dead: number };

export type Metrics = {
	/** One request was answered, after so many seconds. */
	answered(method: string, status: number, seconds: number): void;
	/** Everything counted so far, with how things stand now. */
	write(now: { outbox: Counts | null; webhooks: Counts | null }): string;
};

/** What this instance did since it started, as Prometheus reads it (text format 0.0.4). No label comes from a request. */
export function createMetrics(pool: pg.Pool): Metrics {
	const requests = new Map<string, number>();
	const buckets = bounds.map(() => 0);
	let count = 0;
	let sum = 0;
	const delay = monitorEventLoopDelay({ resolution: 20 });
	delay.enable();

	return {
		answered(method, status, seconds) {
			const known = ["GET", "HEAD", "POST"].includes(method) ? method : "other";
			const key = `method="${known}",status="${status}"`;
			requests.set(key, (requests.get(key) ?? 0) + 1);
			const bucket = bounds.findIndex((bound) => seconds <= bound);
			if (bucket >= 0) buckets[bucket]! += 1;
			count += 1;
			sum += seconds;
		},
		write({ outbox, webhooks }) {
			const p99 = delay.percentile(99) / 1e9;
			delay.reset();
			const { user, system } = process.cpuUsage();
			let within = 0;
			const upTo = buckets.map((inside) => {
				within += inside;
				return within;
			});
			const lines = [
				"# TYPE presence_requests_total counter",
				...[...requests].map(([labels, total]) => `presence_requests_total{${labels}} ${total}`),
				"# TYPE presence_request_seconds histogram",
				...bounds.map((bound, index) => `presence_request_seconds_bucket{le="${bound}"} ${upTo[index]}`),
				`presence_request_seconds_bucket{le="+Inf"} ${count}`,
				`presence_request_seconds_sum ${sum}`,
				`presence_request_seconds_count ${count}`,
				"# TYPE presence_database_connections gauge",
				`presence_database_connections{state="open"} ${pool.totalCount}`,
				`presence_database_connections{state="idle"} ${pool.idleCount}`,
				`presence_database_connections{state="wanted"} ${pool.waitingCount}`,
				"# TYPE presence_database_up gauge",
				`presence_database_up ${outbox ? 1 : 0}`,
				"# TYPE presence_event_loop_delay_p99_seconds gauge",
				`presence_event_loop_delay_p99_seconds ${p99}`,
				"# TYPE process_resident_memory_bytes gauge",
				`process_resident_memory_bytes ${process.memoryUsage.rss()}`,
				"# TYPE process_cpu_seconds_total counter",
				`process_cpu_seconds_total ${(user + system) / 1e6}`,
			];
			if (outbox) {
				lines.push(
					"# TYPE presence_emails gauge",
					`presence_emails{state="waiting"} ${outbox.waiting}`,
					`presence_emails{state="failed"} ${outbox.dead}`,
				);
			}
			if (webhooks) {
				lines.push(
					"# TYPE presence_webhook_deliveries gauge",
					`presence_webhook_deliveries{state="waiting"} ${webhooks.waiting}`,
					`presence_webhook_deliveries{state="failed"} ${webhooks.dead}`,
				);
			}
			return `${lines.join("\n")}\n`;
		},
	};
}
