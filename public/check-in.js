// The optional module of the door's pages: a tap is kept on the phone until the site has heard it, the page stays where it
// is, a search narrows the list at once, and the screen stays lit.
const door = document.querySelector("[data-door]");
// Not there where the door is closed, nor on the door's home: these only send what waits and say what became of it.
const list = door.querySelector("[data-part=people]");
const input = document.getElementById("q");
const queueLine = door.querySelector("[data-queue]");
const goneLine = door.querySelector("[data-gone]");
const refusedLine = door.querySelector("[data-refused]");
const said = door.querySelector("[data-said]");
const nobody = door.querySelector("[data-part=nobody]");
const scanner = door.querySelector("[data-scanner]");
const scanButton = door.querySelector("[data-scan]");
const scanWords = scanner && JSON.parse(scanner.dataset.scanner);
const words = door.dataset;
// Of whoever is signed in: what somebody else left on this phone is sent under their name, once they are back.
const store = `check-in:${words.by}`;
const patience = 10_000;
// What the site said last of each part of the page.
const heard = new Map();
// The operations that the site refused. They stay kept until somebody has read of them; the next page tries them again.
const refused = new Set();
// Whom the site had no seat for: named on every page until they can have been read.
const goneStore = `check-in-gone:${words.by}`;
const readWithin = 5_000;
// A reference, eight characters that sign it, a person's number.
const codeShape = /^[0-9A-HJKMNP-TV-Z]{16}\d{1,4}$/;
let camera;
let made = 0;
let sending = false;
let unreachable = false;

// What is kept, in order, of any date: a page that is opened later sends it too.
function taps() {
	return JSON.parse(localStorage.getItem(store) ?? "[]");
}
function keep(taps) {
	localStorage.setItem(store, JSON.stringify(taps));
}
function gone() {
	return JSON.parse(localStorage.getItem(goneStore) ?? "[]");
}
function tellGone(people) {
	if (people.length > 0) localStorage.setItem(goneStore, JSON.stringify(people));
	else localStorage.removeItem(goneStore);
	tellNames(goneLine, words.sayGone, people);
}
function isRefused({ form }) {
	return refused.has(form.operation);
}
function waitingTaps() {
	return taps().filter((tap) => !isRefused(tap));
}

function rows() {
	return [...door.querySelectorAll(".guest")];
}

// One voice for what changes without being asked for: a status that is hidden and shown again is not read aloud.
function say(text) {
	said.textContent = text;
}

function tellNames(line, sentence, taps) {
	const names = [...new Set(taps.map(({ name }) => name))].join(", ");
	line.hidden = taps.length === 0;
	const text = names && sentence.replace("#", () => names);
	const place = line.querySelector("p") ?? line;
	if (place.textContent !== text) place.textContent = text;
}

function counted(words, n) {
	const [one, several] = words.split("|");
	return (n > 1 ? several : one).replace("#", n);
}

/** Remembers what the site said of a part and its rows, so that what it has not heard can be shown over it. */
function learn(part) {
	heard.set(part, part.innerHTML);
	for (const row of part.querySelectorAll(".guest")) {
		row.dataset.stood = row.getAttribute("aria-pressed");
		row.dataset.words = row.lastElementChild.textContent;
		row.dataset.look = row.lastElementChild.className;
	}
}

function paint() {
	const waiting = waitingTaps();
	const wanted = new Map(
		waiting.filter(({ view }) => view === words.view).map(({ form }) => [form.person, form.seen]),
	);
	let more = 0;
	for (const row of rows()) {
		const seen = wanted.get(row.form.elements.person.value);
		const stood = row.dataset.stood === "true";
		const there = seen ? seen === "present" : stood;
		more += Number(there) - Number(stood);
		const state = row.lastElementChild;
		row.setAttribute("aria-pressed", there);
		row.value = there ? "none" : "present";
		row.toggleAttribute("data-unsent", Boolean(seen));
		state.className = seen ? (there ? "tag ok" : "tag quiet") : row.dataset.look;
		const word = there ? words.present : words.note;
		const unsent = unreachable ? `, ${words.unsent}` : "";
		const text = seen ? word + unsent : row.dataset.words;
		if (state.textContent !== text) state.textContent = text;
	}
	const count = door.querySelector("[data-came]");
	if (count) {
		const came = Number(count.dataset.came) + more;
		count.firstElementChild.textContent = came;
		count.nextElementSibling.textContent = counted(words.sayCame, came);
	}
	queueLine.hidden = !unreachable || waiting.length === 0;
	const line = queueLine.hidden ? "" : counted(words.unsentCount, waiting.length);
	if (queueLine.textContent !== line) say((queueLine.textContent = line));
	tellNames(refusedLine, words.sayRefused, taps().filter(isRefused));
}

/** The door that an answer holds; null where it is not a page of the door, such as what a public network puts in its way. */
function doorIn(html) {
	return new DOMParser().parseFromString(html, "text/html").querySelector("[data-door]");
}

/** Puts what the site says in the place of what stands; what it says again stays, and with it the place of whoever reads. */
function renew(ours, theirs) {
	if (heard.get(ours) === theirs.innerHTML) return;
	ours.innerHTML = theirs.innerHTML;
	learn(ours);
}

function renewPeople(theirs) {
	const ids = (people) => [...people.querySelectorAll(".guest")].map(({ id }) => id).join();
	if (ids(list) === ids(theirs)) {
		for (const [index, row] of [...list.children].entries()) renew(row, theirs.children[index]);
		return;
	}
	list.innerHTML = theirs.innerHTML;
	for (const row of list.children) learn(row);
}

function show(fresh) {
	// Closed meanwhile, or somebody else's now: the page itself says so.
	if (fresh.dataset.door === "none" || fresh.dataset.by !== words.by) return location.reload();
	const focused = document.activeElement?.id;
	words.door = fresh.dataset.door;
	for (const part of ["count", "nobody"])
		renew(door.querySelector(`[data-part=${part}]`), fresh.querySelector(`[data-part=${part}]`));
	nobody.hidden = fresh.querySelector("[data-part=nobody]").hidden;
	renewPeople(fresh.querySelector("[data-part=people]"));
	paint();
	narrow();
	if (focused && document.activeElement?.id !== focused)
		document.getElementById(focused)?.focus({ preventScroll: true });
}

/** Waits while a finger is on a row, or the row would be gone before it is lifted; not for a finger that stays. */
async function lifted() {
	for (let tries = 0; tries < 40 && door.querySelector(".guest:active"); tries += 1)
		await new Promise((resolve) => setTimeout(resolve, 50));
}

function tell({ form, scanned }, madeAt) {
	const row = document.getElementById(`p-${form.person}`);
	if (!row) return;
	if (scanned) {
		// It was said when it was shown to the camera. Another door may have seen the same code before.
		if (Date.parse(row.dataset.since) < madeAt) camera?.tell(alreadyThere(row));
		return;
	}
	const state = form.seen === "none" ? words.takenBack : row.lastElementChild.textContent;
	say(`${row.querySelector("b").textContent}, ${state}`);
}

/** Lets go of a tap that was heard, and of what was refused before of the same person there: it is answered now. */
function letGo({ form }) {
	const isAnswered = (tap) =>
		isRefused(tap) && tap.form.person === form.person && tap.form.meeting === form.meeting;
	keep(taps().filter((tap) => tap.form.operation !== form.operation && !isAnswered(tap)));
}

/** Whether an answer is the sign-in page. */
function isSignIn({ url }) {
	return new URL(url).pathname.endsWith("/sign-in");
}

/** Sends what is kept, one tap after the other. What gets no answer of the site's stays, and what it refuses is told. */
async function send() {
	if (sending) return;
	sending = true;
	try {
		for (let [tap] = waitingTaps(); tap; [tap] = waitingTaps()) {
			const waited = Math.max(0, Math.round((Date.now() - tap.at) / 1000));
			const answer = await fetch(tap.action, {
				method: "POST",
				body: new URLSearchParams({ ...tap.form, waited, by: words.by }),
				signal: AbortSignal.timeout?.(patience),
			});
			// Signed out, or somebody else signed in: what is kept waits for whoever made it.
			if (answer.status === 409 || isSignIn(answer)) return location.reload();
			// What a proxy refuses, while the site restarts behind it, the site has not seen: that waits.
			if ([400, 403, 404].includes(answer.status) && answer.headers.has("X-Request-Id")) {
				refused.add(tap.form.operation);
				unreachable = false;
				continue;
			}
			const fresh = answer.ok && doorIn(await answer.text());
			if (!fresh) throw new Error("This is no answer of the site's.");
			await lifted();
			letGo(tap);
			unreachable = false;
			if (new URL(answer.url).searchParams.has("partie")) {
				tellGone([...gone(), { name: tap.name, at: Date.now() }]);
			}
			if (tap.view !== words.view) continue;
			show(fresh);
			// By the site's clock, and with what a second and the way there may have taken.
			tell(tap, Date.parse(answer.headers.get("Date")) - waited * 1000 - 10_000);
		}
	} catch {
		unreachable = true;
	} finally {
		sending = false;
		paint();
	}
}

async function refresh() {
	if (sending || waitingTaps().length > 0) return;
	const before = made;
	try {
		const answer = await fetch(location.href, { signal: AbortSignal.timeout?.(patience) });
		if (isSignIn(answer)) return location.reload();
		const fresh = answer.ok && doorIn(await answer.text());
		await lifted();
		// What was read before a tap does not know of it, even where that was heard since.
		if (fresh && made === before) show(fresh);
	} catch {
		// Out of reach: the next time will tell.
	}
}

// Where there is no secure context, or a browser is older, there is no randomUUID.
function newId() {
	if (crypto.randomUUID) return crypto.randomUUID();
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	bytes[6] = (bytes[6] & 0x0f) | 0x40;
	bytes[8] = (bytes[8] & 0x3f) | 0x80;
	const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
	return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Keeps what is to stand of a row's person on the phone, and sends it. Throws where nothing can be kept. */
function note(row, seen, scanned = false) {
	// Whatever found the row, what is heard of it is shown over what this page is about.
	const q = new URLSearchParams(location.search).get("q") ?? "";
	const form = { ...Object.fromEntries(new FormData(row.form)), q, seen, operation: newId() };
	const name = row.querySelector("b").textContent;
	keep([...taps(), { action: row.form.action, view: words.view, at: Date.now(), name, scanned, form }]);
	made += 1;
	tellGone(gone().filter(({ at }) => Date.now() - at < readWithin));
	paint();
	send();
}

door.addEventListener("submit", (event) => {
	// A row is a form with one button: older browsers do not say which was used.
	const row = event.target.querySelector(".guest");
	if (!row) {
		// A code that was typed, or that a reader typed, may be of another date: the site knows.
		if (words.door !== "whole" || codeShape.test(input.value.trim().toUpperCase())) return;
		// The whole list is here and already narrowed.
		event.preventDefault();
		input.blur();
		return;
	}
	note(row, row.value);
	// Kept: the page need not be left. Where nothing can be kept, the form goes as any other.
	event.preventDefault();
	event.stopPropagation();
});

refusedLine.querySelector("button").addEventListener("click", () => {
	keep(waitingTaps());
	refused.clear();
	paint();
});

function fold(text) {
	return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("œ", "oe").replaceAll("æ", "ae").replaceAll("’", "'");
}

// As the site reads one: without dashes, and with what is taken for a digit.
function foldReference(word) {
	return word.replaceAll("-", "").replaceAll("o", "0").replace(/[il]/g, "1");
}

/** Where everybody is on the page, what is typed narrows it without asking the site; returns how many are left. */
function narrow() {
	if (words.door !== "whole") return;
	const typed = fold(input.value).split(/\s+/).filter(Boolean);
	const code = input.value.trim().toUpperCase();
	let shown = 0;
	for (const row of rows()) {
		const text = fold(row.firstElementChild.textContent);
		const reference = foldReference(text.slice(text.lastIndexOf(" ") + 1));
		const matches = typed.every((word) => {
			const part = foldReference(word);
			return text.includes(word) || (part.length > 3 && reference.includes(part));
		});
		const isShown = matches || row.dataset.code === code;
		row.closest("li").hidden = !isShown;
		if (isShown) shown += 1;
	}
	nobody.hidden = shown > 0;
	return shown;
}

/** What the site says of a code that is on no row here: the row of whoever it seats at this date, or where else they are expected. */
async function askWhose(code) {
	const { action, elements } = input.form;
	const query = new URLSearchParams({ rencontre: elements.rencontre.value, q: code });
	const answer = await fetch(`${action}?${query}`, { signal: AbortSignal.timeout?.(patience) });
	if (isSignIn(answer)) return location.reload();
	const fresh = answer.ok && doorIn(await answer.text());
	if (!fresh) throw new Error("This is no answer of the site's.");
	if (fresh.dataset.door === "none" || fresh.dataset.by !== words.by) return location.reload();
	return { row: fresh.querySelector(".guest"), elsewhere: fresh.querySelector("[data-elsewhere]") };
}

/** Notes whoever a code is of, as a tap does, but takes nobody back. Returns what became of it, for eyes, ears and hand. */
async function take(code) {
	let row = rows().find(({ dataset }) => dataset.code === code);
	if (!row) {
		// What is no code of the site's is nobody's business, the site's included.
		if (!codeShape.test(code)) return { outcome: "bad", text: scanWords.unknown };
		const whose = await askWhose(code).catch(() => null);
		if (!whose) return { outcome: "bad", text: scanWords.unknownHere };
		if (whose.elsewhere) {
			const { textContent: name, nextElementSibling: when } = whose.elsewhere;
			return { outcome: "warn", name, text: when.textContent };
		}
		if (!whose.row) return { outcome: "bad", text: scanWords.unknown };
		row = document.getElementById(whose.row.id) ?? whose.row;
	}
	if (row.getAttribute("aria-pressed") === "true") return alreadyThere(row);
	const name = row.querySelector("b").textContent;
	try {
		note(row, "present", true);
	} catch {
		return { outcome: "bad", name, text: scanWords.notKept };
	}
	return { outcome: "ok", name, text: words.present + (unreachable ? `, ${words.unsent}` : "") };
}

function alreadyThere(row) {
	const [, ...since] = row.lastElementChild.textContent.split(", ");
	const text = [scanWords.already, ...since].join(", ");
	return { outcome: "warn", name: row.querySelector("b").textContent, text };
}

/** Shows what opens the camera, where there is one. */
async function offerScanner() {
	const devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
	scanButton.hidden = !devices.some(({ kind }) => kind === "videoinput");
	scanner.querySelector("button").addEventListener("click", () => {
		scanner.hidden = true;
		scanButton.focus();
	});
	scanButton.addEventListener("click", async () => {
		try {
			const { createScanner } = await import("/scan.js");
			camera ??= createScanner(scanner, { words: scanWords, take, say });
			camera.open();
		} catch {
			say(scanWords.failed);
			scanner.hidden = false;
			scanner.setAttribute("data-dark", "");
			scanner.querySelector("[data-scanned]").textContent = scanWords.failed;
		}
	});
}

async function stayLit() {
	if (document.visibilityState !== "visible") return;
	// A phone whose battery is low says no.
	await navigator.wakeLock?.request("screen").catch(() => {});
}

async function catchUp() {
	if (document.visibilityState !== "visible") return;
	await send();
	if (list) await refresh();
}
document.addEventListener("visibilitychange", catchUp);
addEventListener("online", send);
// What another phone has noted, and what could not be sent.
setInterval(catchUp, 10_000);

if (list) {
	for (const part of [door.querySelector("[data-part=count]"), nobody, ...list.children]) learn(part);
	input.addEventListener("focus", () => input.select());
	input.addEventListener("input", () => {
		const shown = narrow();
		if (shown === undefined) return;
		say(shown === 0 ? nobody.textContent : input.value.trim() ? counted(words.found, shown) : "");
	});
	document.addEventListener("visibilitychange", stayLit);
	stayLit();
	narrow();
}
paint();
if (gone().length > 0) tellGone(gone());
send();
if (scanner) offerScanner();
