import { setImmediate } from "node:timers/promises";

/**
 * The bytes of a generator as a stream that asks for the next chunk only when its reader wants one, so that a slow
 * download holds nothing in memory. A reader that leaves ends the generator, and through it the query behind.
 */
export function byteStream(chunks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
	return new ReadableStream<Uint8Array>(
		{
			async pull(controller) {
				// Rows already in memory would keep the thread to themselves until the last one.
				await setImmediate();
				const next = await chunks.next();
				if (next.done) controller.close();
				else controller.enqueue(next.value);
			},
			async cancel() {
				await chunks.return(undefined);
			},
		},
		{ highWaterMark: 0 },
	);
}
