import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";

export type RunningApp = {
	/** Where it listens, which is also its public address. */
	url: string;
	/** The organizer link that it printed: one-time, or the sign-in page once somebody has signed in. */
	consoleLink: string;
	process: ChildProcess;
	/** Everything that it has printed. */
	output(): string;
	/** Ends it and waits until it is gone. Returns its exit code, null after a SIGKILL. */
	stop(signal?: NodeJS.Signals): Promise<number | null>;
};

const startWithinMs = 60_000;

/** Starts the app built in `directory` as a process of its own, as production runs it, and waits until it serves. */
export async function startApp(
	environment: Record<string, string>,
	directory = process.cwd(),
): Promise<RunningApp> {
	const port = environment.PORT ?? String(await freePort());
	const url = environment.PUBLIC_URL ?? `http://127.0.0.1:${port}`;
	const child = spawn(process.execPath, ["build/server.js"], {
		cwd: directory,
		env: {
			PATH: process.env.PATH,
			NODE_ENV: "production",
			COOKIE_SECRET: "a-secret-that-only-the-tests-may-know",
			PUBLIC_URL: url,
			...environment,
			PORT: port,
		},
		stdio: ["ignore", "pipe", "pipe"],
	});
	let output = "";
	child.stdout.on("data", (chunk) => {
		output += chunk;
	});
	child.stderr.on("data", (chunk) => {
		output += chunk;
	});
	const deadline = Date.now() + startWithinMs;
	for (;;) {
		const link = /https?:\S+\/organizer\/sign-in\S*/.exec(output);
		if (link) {
			return {
				url: `http://127.0.0.1:${port}`,
				consoleLink: link[0],
				process: child,
				output: () => output,
				stop: (signal = "SIGTERM") => stop(child, signal),
			};
		}
		if (child.exitCode !== null || Date.now() > deadline) {
			child.kill("SIGKILL");
			throw new Error(`The app did not start:\n${output}`);
		}
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}

/** Signs in with the console's link, as its page sends it: a GET lets nobody in. Returns the cookie, `name=value`. */
export async function signInByConsole(app: RunningApp): Promise<string> {
	const looked = await fetch(app.consoleLink, { redirect: "manual" });
	const signedIn = await fetch(app.consoleLink, {
		method: "POST",
		headers: { Origin: new URL(app.consoleLink).origin, "Content-Type": "application/x-www-form-urlencoded" },
		redirect: "manual",
	});
	const [cookie = ""] = (signedIn.headers.get("Set-Cookie") ?? "").split(";");
	if (looked.headers.has("Set-Cookie") || !cookie)
		throw new Error("The console's link let in by GET, or not by POST.");
	return cookie;
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
	if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
	const exit = once(child, "exit");
	child.kill(signal);
	await exit;
	return child.exitCode;
}

export async function freePort(): Promise<number> {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	server.close();
	await once(server, "close");
	if (!address || typeof address === "string") throw new Error("This machine has no free port.");
	return address.port;
}
