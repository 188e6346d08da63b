import { CompiledQuery, type RootOperationNode } from "kysely";
import type { Db } from "#db/client.server.ts";

type Plan = {
	"Index Name"?: string;
	"Actual Rows": number;
	"Rows Removed by Filter"?: number;
	Plans?: Plan[];
};

/** How Postgres does the first query of this work, each step of it. */
export async function planOf(db: Db, work: (db: Db) => Promise<unknown>): Promise<Plan[]> {
	const asked: RootOperationNode[] = [];
	const watched = db.withPlugin({
		transformQuery({ node }) {
			asked.push(node);
			return node;
		},
		transformResult: async ({ result }) => result,
	});
	await work(watched);
	const { sql: query, parameters } = db.getExecutor().compileQuery(asked[0]!, { queryId: "" });
	const { rows } = await db.executeQuery<{ "QUERY PLAN": { Plan: Plan }[] }>(
		CompiledQuery.raw(`explain (analyze, format json) ${query}`, [...parameters]),
	);
	const steps = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(steps)];
	return steps(Object.values(rows[0]!)[0]![0]!.Plan);
}

/** How many rows its busiest step read. */
export function mostRows(steps: Plan[]): number {
	return Math.max(...steps.map((step) => step["Actual Rows"] + (step["Rows Removed by Filter"] ?? 0)));
}
