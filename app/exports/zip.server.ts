import { Readable } from "node:stream";
import { ZipFile } from "yazl";

export type ZipEntry = { path: string; content: Iterable<string> | AsyncIterable<string> };

/**
 * A ZIP archive, entry after entry as they are read, at constant memory and compressed off the main thread. An entry's
 * content is read to its end before the next one is begun; one that fails ends the archive with its error.
 */
export async function* zip(entries: readonly ZipEntry[]): AsyncGenerator<Uint8Array> {
	const archive = new ZipFile();
	const output = archive.outputStream as Readable;
	const contents = entries.map(({ path, content }) => {
		const stream = Readable.from(content).on("error", (error) => output.destroy(error));
		archive.addReadStream(stream, path);
		return stream;
	});
	archive.end();
	try {
		yield* output;
	} finally {
		for (const content of contents) content.destroy();
	}
}
