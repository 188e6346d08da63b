const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;
const describedAfter = 8;

/**
 * How many bytes the files of a ZIP archive say they unpack to, added up; null when it does not say, as only an archive
 * that was made to deceive does. The reader of workbooks holds each file to the size that its directory gives.
 */
export function unpackedSize(bytes: Uint8Array): number | null {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	let end = bytes.length - 22;
	while (end >= 0 && view.getUint32(end, true) !== endOfDirectory) end -= 1;
	if (end < 0) return null;
	const count = view.getUint16(end + 10, true);
	const start = view.getUint32(end + 16, true);
	// Past these, sizes are in another place (ZIP64), which no list of people needs.
	if (count === 0xffff || start === 0xffffffff || view.getUint32(end + 12, true) === 0xffffffff) return null;

	let sum = 0;
	let at = start;
	for (let n = 0; n < count; n++) {
		if (at + 46 > bytes.length || view.getUint32(at, true) !== directoryEntry) return null;
		const flags = view.getUint16(at + 8, true);
		const packed = view.getUint32(at + 20, true);
		const unpacked = view.getUint32(at + 24, true);
		// Two bytes are how an empty file is packed.
		const saysNothing = packed === 0 ? (flags & describedAfter) !== 0 : unpacked === 0 && packed > 2;
		if (saysNothing || packed === 0xffffffff || unpacked === 0xffffffff) return null;
		sum += unpacked;
		at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
	}
	return sum;
}
