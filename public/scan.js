// The camera of the door's page, loaded when it is first asked for: whom the QR codes before it are of, one after the other.
const rearCamera = { audio: false, video: { facingMode: "environment", width: { ideal: 960 }, height: { ideal: 720 } } };
const betweenLooks = 100;
// A code stays before the camera for longer than it takes to read: while it was just seen, it is the same showing.
const sameShowing = 3000;
// What became of somebody does not stand until the next one comes.
const toldFor = 6000;
const vibrations = { ok: 60, warn: [60, 80, 60], bad: 250 };

/**
 * The camera in the section `scanner`, on while that and the page are seen. `take` is given each code, once a showing, and
 * returns its `outcome`, which has a colour, the `text` that says it, which `say` reads aloud, and the `name` of whom it is
 * of. Returns what opens it, and what tells an outcome that is known later.
 */
export function createScanner(scanner, { words, take, say }) {
	const video = scanner.querySelector("video");
	const line = scanner.querySelector("[data-scanned]");
	const close = scanner.querySelector("button");
	const lastSeen = new Map();
	let looking = new AbortController();
	let telling;

	function show(outcome, text, name = "") {
		clearTimeout(telling);
		const who = document.createElement("b");
		who.textContent = name;
		line.className = outcome;
		line.replaceChildren(...(name ? [who, " "] : []), text);
	}

	async function shown(code) {
		const isSame = Date.now() - (lastSeen.get(code) ?? 0) < sameShowing;
		lastSeen.set(code, Date.now());
		if (isSame) return;
		const waits = setTimeout(show, 300, "", words.wait);
		const outcome = await take(code);
		clearTimeout(waits);
		lastSeen.set(code, Date.now());
		tell(outcome);
	}

	function tell({ outcome, text, name }) {
		show(outcome, text, name);
		say([name, text].filter(Boolean).join(", "));
		navigator.vibrate?.(vibrations[outcome]);
		telling = setTimeout(show, toldFor, "", words.hint);
	}

	async function look() {
		looking.abort();
		if (scanner.hidden || document.hidden) return;
		looking = new AbortController();
		const { signal } = looking;
		lastSeen.clear();
		show("", words.hint);
		scanner.removeAttribute("data-dark");
		try {
			await readCodes(video, words.decoder, signal, shown);
		} catch (error) {
			if (signal.aborted) return;
			const sentence = error.name === "NotAllowedError" ? words.refused : words.failed;
			scanner.setAttribute("data-dark", "");
			show("bad", sentence);
			say(sentence);
		}
	}

	close.addEventListener("click", look);
	document.addEventListener("visibilitychange", look);
	function open() {
		scanner.hidden = false;
		look();
		close.focus({ preventScroll: true });
		scanner.scrollIntoView({ block: "nearest" });
	}
	return { open, tell };
}

/** Hands on what each code says that the rear camera shows in `video`, as often as it is seen, until `signal` aborts. */
async function readCodes(video, decoder, signal, take) {
	const stream = await navigator.mediaDevices.getUserMedia(rearCamera);
	let reader;
	try {
		if (signal.aborted) return;
		video.srcObject = stream;
		await video.play();
		reader = (await platformReader()) ?? ownReader(decoder);
		while (!signal.aborted) {
			if (!stream.active) throw new Error("The camera was taken away.");
			const code = await reader.read(video);
			if (code && !signal.aborted) await take(code);
			await new Promise((resolve) => setTimeout(resolve, betweenLooks));
		}
	} finally {
		for (const track of stream.getTracks()) track.stop();
		// Opened again meanwhile, it shows another's.
		if (video.srcObject === stream) video.srcObject = null;
		reader?.close();
	}
}

/** The browser's own reader; null where there is none, or one that does not work. */
async function platformReader() {
	try {
		const detector = new BarcodeDetector({ formats: ["qr_code"] });
		await detector.detect(new ImageData(16, 16));
		const read = async (video) => (await detector.detect(video))[0]?.rawValue;
		return { read, close() {} };
	} catch {
		return null;
	}
}

/** The site's own, in a thread apart: the page stays as quick as it was. */
function ownReader(decoder) {
	const worker = new Worker(decoder, { type: "module" });
	const canvas = document.createElement("canvas");
	const pen = canvas.getContext("2d", { willReadFrequently: true });
	function read(video) {
		const { videoWidth: width, videoHeight: height } = video;
		Object.assign(canvas, { width, height });
		pen.drawImage(video, 0, 0);
		const picture = pen.getImageData(0, 0, width, height);
		return new Promise((resolve, reject) => {
			worker.onmessage = ({ data }) => resolve(data);
			worker.onerror = reject;
			worker.postMessage(picture, [picture.data.buffer]);
		});
	}
	return { read, close: () => worker.terminate() };
}
