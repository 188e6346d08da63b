// The one optional module of the public pages: it says that a form is on its way, and sends it once.
function release(form) {
	delete form.dataset.sent;
	for (const button of form.querySelectorAll("[data-label]")) {
		button.textContent = button.dataset.label;
		button.removeAttribute("aria-disabled");
	}
}

document.addEventListener("submit", (event) => {
	const form = event.target;
	if (form.method !== "post") return;
	if (form.dataset.sent) {
		event.preventDefault();
		return;
	}
	form.dataset.sent = "yes";
	const button = event.submitter;
	if (!button?.dataset.pending) return;
	button.dataset.label = button.textContent;
	button.textContent = button.dataset.pending;
	button.setAttribute("aria-disabled", "true");
});

// Back to a page that the browser had kept: it can be sent again.
addEventListener("pageshow", (event) => {
	if (event.persisted) for (const form of document.forms) release(form);
});

for (const button of document.querySelectorAll("[data-copy]")) {
	button.hidden = !navigator.clipboard;
	button.addEventListener("click", async () => {
		await navigator.clipboard.writeText(button.dataset.copy);
		button.textContent = button.dataset.copied;
	});
}

for (const button of document.querySelectorAll("[data-print]")) {
	button.hidden = false;
	button.addEventListener("click", () => print());
}

// What changes by itself on a page for organizers, such as the progress of a message: read again now and then.
for (const part of document.querySelectorAll("[data-live]")) {
	const timer = setInterval(async () => {
		const page = await (await fetch(location.href)).text();
		const fresh = new DOMParser().parseFromString(page, "text/html").querySelector("[data-live]");
		if (!fresh) {
			clearInterval(timer);
			location.reload();
		} else if (!part.contains(document.activeElement)) part.innerHTML = fresh.innerHTML;
	}, part.dataset.live * 1000);
}
