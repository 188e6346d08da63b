// The attendee list's optional module: counts and ticks people at once, and lets the keyboard do it.
const bar = document.getElementById("chosen");
const boxes = [...document.querySelectorAll("tbody input[name=personne]")];
const all = document.querySelector("[data-all]");
const help = document.getElementById("keys");
const on = help.querySelector("[data-keys-on]");

const said = bar.querySelector("p");
const [one, several] = said.dataset.counts.split("|");
said.setAttribute("role", "status");

function count() {
	const n = boxes.filter((box) => box.checked).length;
	bar.hidden = n === 0;
	said.textContent = n === 1 ? one : several.replace("#", n);
	all.checked = n > 0 && n === boxes.length;
	all.indeterminate = n > 0 && n < boxes.length;
}
all.hidden = false;
all.addEventListener("change", () => {
	for (const box of boxes) box.checked = all.checked;
	count();
});
for (const box of boxes) box.addEventListener("change", count);
addEventListener("pageshow", count);

// Single keys can be turned off for good (WCAG 2.2, 2.1.4): dictation would type them.
const store = "attendee-keys";
on.checked = localStorage.getItem(store) !== "off";
on.addEventListener("change", () => localStorage.setItem(store, on.checked ? "on" : "off"));
const opener = document.querySelector("[data-keys]");
opener.hidden = false;
opener.addEventListener("click", () => help.showModal());

function move(step) {
	const rows = boxes.map((box) => box.closest("tr"));
	const here = rows.indexOf(document.activeElement?.closest("tbody tr"));
	const next = here < 0 ? (step > 0 ? 0 : rows.length - 1) : here + step;
	rows[Math.max(0, Math.min(rows.length - 1, next))]?.querySelector("th a").focus();
}

const keys = {
	"/": () => document.getElementById("q").focus(),
	"?": () => help.showModal(),
	j: () => move(1),
	k: () => move(-1),
	x: () => document.activeElement?.closest("tbody tr")?.querySelector("input[name=personne]").click(),
};
document.addEventListener("keydown", (event) => {
	const typing = event.target.closest("input:not([type=checkbox]), textarea, select, dialog");
	if (!on.checked || typing || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
	event.preventDefault();
	keys[event.key]();
});
