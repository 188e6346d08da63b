// In the frame: tells the page around it how high the dates are.
if (parent !== window) {
	const tell = () =>
		parent.postMessage({ height: Math.ceil(document.documentElement.getBoundingClientRect().height) }, "*");
	new ResizeObserver(tell).observe(document.documentElement);
	addEventListener("message", tell);
}
