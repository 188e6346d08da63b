import decodeQR, { type Image } from "qr/decode.js";

/** A worker: it is sent a picture, and answers what the QR code in it says, or null. */
self.addEventListener("message", ({ data }: MessageEvent<Image>) => {
	let text: string | null = null;
	try {
		text = decodeQR(data, { timeLimit: 60 });
	} catch {
		// No code in sight.
	}
	self.postMessage(text);
});
