// The check-in page's optional module: a tap is kept on the phone until the site has heard it, the page stays where it is,
// a search narrows the list at once, and the screen stays lit.
const door = document.querySelector("[data-door]");
const input = document.getElementById("q");
const queueLine = door.querySelector("[data-queue]");
const said = door.querySelector("[data-said]");
const nobody = door.querySelector("[data-nobody]");
// Of whoever is signed in: what somebody else left on this phone is sent under their name, once they are back.
const store = `check-in:${door.dataset.by}`;
const patience = 10_000;
let sending = false;
let unreachable = false;

// What was not heard yet, in order, of any date: a page that is opened later sends it too.
function taps() {
	return JSON.parse(localStorage.getItem(store) ?? "[]");
}
function keep(list) {
	localStorage.setItem(store, JSON.stringify(list));
}

function rows() {
	return [...door.querySelectorAll(".guest")];
}

/** Remembers what the site said of each row, so that what it has not heard can be shown over it. */
function learn() {
	for (const row of rows()) {
		row.dataset.stood = row.getAttribute("aria-pressed");
		row.dataset.words = row.lastElementChild.textContent;
		row.dataset.look = row.lastElementChild.className;
	}
}

function paint() {
	const waiting = taps();
	const wanted = new Map(
		waiting.filter(({ view }) => view === door.dataset.view).map(({ form }) => [form.person, form.seen]),
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
		const word = there ? door.dataset.present : door.dataset.note;
		const unsent = unreachable ? `, ${door.dataset.unsent}` : "";
		state.textContent = seen ? word + unsent : row.dataset.words;
	}
	const count = door.querySelector("[data-came]");
	count.firstElementChild.textContent = Number(count.dataset.came) + more;
	queueLine.hidden = !unreachable || waiting.length === 0;
	const [one, several] = door.dataset.unsentCount.split("|");
	const unsent = waiting.length === 1 ? one : several.replace("#", waiting.length);
	const line = queueLine.hidden ? "" : unsent;
	if (queueLine.textContent !== line) queueLine.textContent = line;
}

/** Puts what a page of the site says in the place of what this one says. */
function show(html) {
	const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-door]");
	// Signed out, or closed meanwhile: the page itself says so.
	if (!fresh) return location.reload();
	const focused = document.activeElement?.id;
	for (const part of door.querySelectorAll("[data-part]"))
		part.innerHTML = fresh.querySelector(`[data-part=${part.dataset.part}]`).innerHTML;
	learn();
	paint();
	narrow();
	if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

function tell(id) {
	const row = document.getElementById(`p-${id}`);
	if (row) said.textContent = `${row.querySelector("b").textContent}, ${row.lastElementChild.textContent}`;
}

/** Sends what is kept, one tap after the other; what gets no answer stays. */
async function send() {
	if (sending) return;
	sending = true;
	try {
		for (let [tap] = taps(); tap; [tap] = taps()) {
			const waited = Math.max(0, Math.round((Date.now() - tap.at) / 1000));
			const answer = await fetch(tap.action, {
				method: "POST",
				body: new URLSearchParams({ ...tap.form, waited }),
				signal: AbortSignal.timeout(patience),
			});
			if (answer.status >= 500 || answer.status === 429) throw new Error(answer.statusText);
			if (/\/sign-in$/.test(new URL(answer.url).pathname)) return location.reload();
			const html = await answer.text();
			keep(taps().filter(({ form }) => form.operation !== tap.form.operation));
			unreachable = false;
			// What the site refuses it explains on the page itself.
			if (!answer.ok) return location.reload();
			if (tap.view !== door.dataset.view) continue;
			show(html);
			tell(tap.form.person);
		}
	} catch {
		unreachable = true;
	} finally {
		sending = false;
		paint();
	}
}

async function refresh() {
	if (sending || taps().length > 0) return;
	try {
		const answer = await fetch(location.href, { signal: AbortSignal.timeout(patience) });
		const html = await answer.text();
		// What was read before a tap does not know of it.
		if (answer.ok && !sending && taps().length === 0) show(html);
	} catch {
		// Out of reach: the next time will tell.
	}
}

door.addEventListener("submit", (event) => {
	const row = event.submitter;
	if (!row?.matches(".guest")) {
		if (door.dataset.door !== "whole") return;
		// The whole list is here and already narrowed.
		event.preventDefault();
		input.blur();
		return;
	}
	const form = Object.fromEntries(new FormData(row.form));
	form.seen = row.value;
	form.operation = crypto.randomUUID();
	keep([...taps(), { action: row.form.action, view: door.dataset.view, at: Date.now(), form }]);
	// Kept: the page need not be left. Where nothing can be kept, the form goes as any other.
	event.preventDefault();
	event.stopPropagation();
	paint();
	send();
});

function fold(text) {
	return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("œ", "oe").replaceAll("æ", "ae").replaceAll("’", "'");
}

/** Where everybody is on the page, what is typed narrows it without asking the site. */
function narrow() {
	if (door.dataset.door !== "whole") return;
	const words = fold(input.value).split(/\s+/).filter(Boolean);
	let shown = 0;
	for (const row of rows()) {
		const text = fold(row.firstElementChild.textContent);
		const matches = words.every((word) => text.includes(word));
		row.closest("li").hidden = !matches;
		if (matches) shown += 1;
	}
	nobody.hidden = shown > 0;
}
input.addEventListener("input", narrow);
input.addEventListener("focus", () => input.select());

async function stayLit() {
	if (document.visibilityState !== "visible") return;
	// A phone whose battery is low says no.
	await navigator.wakeLock?.request("screen").catch(() => {});
}

async function catchUp() {
	if (document.visibilityState !== "visible") return;
	await send();
	await refresh();
}
document.addEventListener("visibilitychange", stayLit);
document.addEventListener("visibilitychange", catchUp);
addEventListener("online", send);
// What another phone has noted, and what could not be sent.
setInterval(catchUp, 10_000);

learn();
paint();
narrow();
stayLit();
send();
