import type { AttendeeRow } from "#app/exports/attendee-columns.ts";

/** An ordinary person of the list, with what a test cares about. */
export function attendee(changes: Partial<AttendeeRow> = {}): AttendeeRow {
	return {
		reference: "7KQ2M4TD",
		position: 1,
		name: "Zoé Roy",
		email: "zoe@exemple.ca",
		organization: "Boulangerie Œuf & Fils",
		phone: "+1 514 555-0100",
		locale: "fr",
		status: "confirmed",
		registeredAt: new Date("2026-11-20T15:46:00Z"),
		cancelledAt: null,
		contactName: "Anaïs Bélanger",
		contactEmail: "anais@exemple.ca",
		workshop: "Les médias sociaux en entreprise",
		session: "mardi 1er décembre 2026",
		note: null,
		attended: null,
		invoice: null,
		answers: new Map(),
		...changes,
	};
}

/** What a group of three owes, in the row of its first person. */
export const anInvoice: AttendeeRow["invoice"] = {
	priceCents: 19_500,
	poNumber: "-417",
	billingAddress: "12, rue Neuve\nLaval",
	due: { subtotal: 58_500, gst: 2925, qst: 5835, total: 67_260 },
};

export async function* rowsOf(...rows: AttendeeRow[]): AsyncGenerator<AttendeeRow[]> {
	yield rows;
}

const rowsInBatch = 200;

/** A list as long as wanted, which counts how far it has been read and whether it was let go. */
export function countedRows(length: number) {
	const source = {
		read: 0,
		closed: false,
		async *rows() {
			try {
				while (source.read < length) {
					yield Array.from({ length: Math.min(rowsInBatch, length - source.read) }, () => {
						source.read += 1;
						return attendee({ position: source.read, note: `note ${source.read} ${Math.random()}` });
					});
				}
			} finally {
				source.closed = true;
			}
		},
	};
	return source;
}

export async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Buffer> {
	return Buffer.from(await new Response(stream).arrayBuffer());
}

/** Lets everything that could go on without its reader do so: turns of the event loop, and the compressor's thread. */
export async function settle(source: { read: number }): Promise<void> {
	for (let before = -1, quiet = 0; quiet < 20; quiet = before === source.read ? quiet + 1 : 0) {
		before = source.read;
		await new Promise((resolve) => setTimeout(resolve, 1));
	}
}
