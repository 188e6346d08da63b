import { sql } from "kysely";
import type { TaxNumbers } from "#app/domain/taxes.ts";
import type { ApiRegistration } from "#app/exports/api-shapes.ts";
import type { Db } from "../client.server.ts";
import { exportedColumns, noAnswers } from "./attendees.server.ts";
import { invoiceFacts, invoiceOf } from "./invoices.server.ts";
import { findAnswers } from "./questions.server.ts";
import { stillNamed } from "./registrations.server.ts";

/**
 * A session's people in the order in which they signed up, as other software reads them: those after `after`, `limit` at
 * most. Whoever signs up meanwhile comes at the end. `firm` says which taxes they owe.
 */
export async function listApiRegistrations(
	db: Db,
	firm: TaxNumbers,
	{ sessionId, after }: { sessionId: string; after?: string },
	limit: number,
): Promise<ApiRegistration[]> {
	// Not « equal to »: Postgres would then walk the ids of everybody, all those who came later included, to find few here.
	let query = apiRegistrations(db)
		.where("registration.sessionId", ">=", sessionId)
		.where("registration.sessionId", "<=", sessionId)
		.orderBy("registration.sessionId")
		.orderBy("registration.id")
		.limit(limit);
	if (after) {
		query = query.where(
			sql<boolean>`(registration.session_id, registration.id) > (${sessionId}::uuid, ${after}::uuid)`,
		);
	}
	return withApiDetails(db, firm, await query.execute());
}

/** One of these. */
export async function findApiRegistration(
	db: Db,
	firm: TaxNumbers,
	id: string,
): Promise<ApiRegistration | undefined> {
	const rows = await apiRegistrations(db).where("registration.id", "=", id).execute();
	return (await withApiDetails(db, firm, rows))[0];
}

/** Those of these who were not erased. A place that turned out to be asked for twice is nobody's, and so a cancelled one. */
export async function findToldRegistrations(
	db: Db,
	firm: TaxNumbers,
	ids: string[],
): Promise<ApiRegistration[]> {
	const rows = await withRepeated(db)
		.where(sql<boolean>`registration.id = any(${ids}::uuid[])`)
		.where(stillNamed)
		.execute();
	const gone = { status: "cancelled" as const, shownAs: null };
	return withApiDetails(
		db,
		firm,
		rows.map((row) => (row.status === "repeated" ? { ...row, ...gone, cancelledAt: row.updatedAt } : row)),
	);
}

function apiRegistrations(db: Db) {
	return withRepeated(db).where("registration.status", "<>", "repeated");
}

function withRepeated(db: Db) {
	return db
		.selectFrom("registration")
		.innerJoin("booking", "booking.id", "registration.bookingId")
		.select(exportedColumns)
		.select(["registration.sessionId", "registration.updatedAt", invoiceFacts.as("invoiceFacts")]);
}

async function withApiDetails(
	db: Db,
	firm: TaxNumbers,
	rows: Awaited<ReturnType<ReturnType<typeof apiRegistrations>["execute"]>>,
): Promise<ApiRegistration[]> {
	const answers = await findAnswers(
		db,
		rows.map(({ id }) => id),
	);
	return rows.map(({ invoiceFacts, ...row }) => ({
		...row,
		answers: answers.get(row.id) ?? noAnswers,
		invoice: invoiceOf(invoiceFacts, row.status, firm),
	}));
}
