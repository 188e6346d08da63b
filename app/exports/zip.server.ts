import { pipeline, Readable } from "node:stream";
import { crc32, createDeflateRaw } from "node:zlib";

export type ZipEntry = { path: string; content: Iterable<string> | AsyncIterable<string> };

type Written = { path: Buffer; crc: number; compressed: number; size: number; offset: number };

const versionNeeded = 20;
/** Sizes follow the data, since they are not known before; the name is UTF-8. */
const flags = 0x0808;
const deflated = 8;
/** 1 January 1980, the first date a ZIP can hold: the same content gives the same bytes. */
const noDate = 0x0021;
const largest = 0xffffffff;

/**
 * A ZIP archive (APPNOTE 6.3), entry after entry as they are read, at constant memory. Each entry's content is read to
 * its end before the next entry is asked for. Throws a RangeError past 4 GiB, where ZIP64 would begin.
 */
export async function* zip(
	entries: Iterable<ZipEntry> | AsyncIterable<ZipEntry>,
): AsyncGenerator<Uint8Array> {
	const directory: Written[] = [];
	let offset = 0;
	for await (const { path, content } of entries) {
		const entry: Written = { path: Buffer.from(path), crc: 0, compressed: 0, size: 0, offset };
		const header = localHeader(entry);
		yield header;
		for await (const chunk of deflate(content, entry)) yield chunk;
		const descriptor = dataDescriptor(entry);
		yield descriptor;
		offset += header.length + entry.compressed + descriptor.length;
		if (Math.max(offset, entry.size) > largest) throw new RangeError("This archive would need ZIP64.");
		directory.push(entry);
	}
	const central = Buffer.concat(directory.map(centralHeader));
	yield central;
	yield endOfDirectory(directory.length, central.length, offset);
}

/** Compresses off the main thread, and adds up the sizes and the checksum in `entry`. */
async function* deflate(content: ZipEntry["content"], entry: Written): AsyncGenerator<Buffer> {
	async function* counted() {
		for await (const text of content) {
			const bytes = Buffer.from(text);
			entry.crc = crc32(bytes, entry.crc);
			entry.size += bytes.length;
			yield bytes;
		}
	}
	// The pipeline's error also ends the loop below, which throws it.
	const compressor = pipeline(Readable.from(counted()), createDeflateRaw(), () => {});
	for await (const chunk of compressor) {
		entry.compressed += chunk.length;
		yield chunk;
	}
}

function localHeader(entry: Written): Buffer {
	const header = Buffer.alloc(30);
	header.writeUInt32LE(0x04034b50, 0);
	header.writeUInt16LE(versionNeeded, 4);
	header.writeUInt16LE(flags, 6);
	header.writeUInt16LE(deflated, 8);
	header.writeUInt16LE(noDate, 12);
	header.writeUInt16LE(entry.path.length, 26);
	return Buffer.concat([header, entry.path]);
}

function dataDescriptor(entry: Written): Buffer {
	const descriptor = Buffer.alloc(16);
	descriptor.writeUInt32LE(0x08074b50, 0);
	descriptor.writeUInt32LE(entry.crc, 4);
	descriptor.writeUInt32LE(entry.compressed, 8);
	descriptor.writeUInt32LE(entry.size, 12);
	return descriptor;
}

function centralHeader(entry: Written): Buffer {
	const header = Buffer.alloc(46);
	header.writeUInt32LE(0x02014b50, 0);
	header.writeUInt16LE(versionNeeded, 4);
	header.writeUInt16LE(versionNeeded, 6);
	header.writeUInt16LE(flags, 8);
	header.writeUInt16LE(deflated, 10);
	header.writeUInt16LE(noDate, 14);
	header.writeUInt32LE(entry.crc, 16);
	header.writeUInt32LE(entry.compressed, 20);
	header.writeUInt32LE(entry.size, 24);
	header.writeUInt16LE(entry.path.length, 28);
	header.writeUInt32LE(entry.offset, 42);
	return Buffer.concat([header, entry.path]);
}

function endOfDirectory(count: number, size: number, offset: number): Buffer {
	const end = Buffer.alloc(22);
	end.writeUInt32LE(0x06054b50, 0);
	end.writeUInt16LE(count, 8);
	end.writeUInt16LE(count, 10);
	end.writeUInt32LE(size, 12);
	end.writeUInt32LE(offset, 16);
	return end;
}
