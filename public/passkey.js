// Lets a device fill in a form with a passkey: see app/components/passkey-form.tsx. Sign-in by code needs none of this.
const supported = window.PublicKeyCredential?.parseRequestOptionsFromJSON;

async function ask(form) {
	const options = JSON.parse(form.dataset.options);
	const credential =
		form.dataset.ceremony === "create"
			? await navigator.credentials.create({
					publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
				})
			: await navigator.credentials.get({
					publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
				});
	return JSON.stringify(credential);
}

for (const form of supported ? document.querySelectorAll("[data-ceremony]") : []) {
	form.hidden = false;
	form.addEventListener("submit", async (event) => {
		event.preventDefault();
		event.stopPropagation();
		const failed = form.querySelector("[role=alert]");
		failed.hidden = true;
		try {
			form.elements.credential.value = await ask(form);
			form.submit();
		} catch {
			failed.hidden = false;
		}
	});
}
