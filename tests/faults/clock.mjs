import { readFileSync } from "node:fs";

/* Loaded before the app: its clock is that of the machine, and the milliseconds that a file says more or less. */
const RealDate = globalThis.Date;
let offset = 0;
setInterval(() => {
	try {
		offset = Number(readFileSync(process.env.CLOCK_FILE, "utf8")) || 0;
	} catch {
		// It is being written.
	}
}, 50).unref();

const now = () => RealDate.now() + offset;
globalThis.Date = new Proxy(RealDate, {
	construct: (target, given, newTarget) =>
		Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
	apply: () => new RealDate(now()).toString(),
	get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
});
