// In the page of another site: gives each frame of this site's dates the height of what it shows. Without it, they scroll.
(() => {
	const { origin } = new URL(document.currentScript.src);
	const frames = () => [...document.querySelectorAll("iframe")].filter(({ src }) => src.startsWith(`${origin}/`));
	addEventListener("message", ({ data, origin: sender, source }) => {
		if (sender !== origin || !(data?.height > 0)) return;
		const frame = frames().find((one) => one.contentWindow === source);
		if (frame) frame.style.height = `${data.height}px`;
	});
	// One that was there before this script has said its height to nobody.
	for (const frame of frames()) frame.contentWindow.postMessage("height?", "*");
})();
