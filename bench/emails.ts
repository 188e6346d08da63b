import { spawn } from "node:child_process";
import { once } from "node:events";
import { mailGone, openLab, signUp } from "./lab.ts";
import { givenSessions } from "./site.ts";
import { type Row, whole } from "./table.ts";

const people = 2_000;

/** Emails per second from the outbox through a mail server in a process of its own, after a rush. */
export async function measureEmails(): Promise<Row[]> {
	const smtp = spawn(process.execPath, ["--import", "tsx", "bench/smtp-process.ts"], {
		stdio: ["pipe", "pipe", "inherit"],
	});
	const [port] = await once(smtp.stdout, "data");
	const lab = await openLab({
		SMTP_URL: `smtp://127.0.0.1:${String(port).trim()}`,
		MAIL_FROM: "Formation Exemple <inscriptions@exemple.ca>",
	});
	try {
		const date = await givenSessions(lab.db, 1, people);
		const before = performance.now();
		await signUp(lab, date, { connections: 32, seconds: 60, most: people });
		const rushed = (performance.now() - before) / 1000;
		const waiting = await mailGone(lab.db);
		const seconds = (performance.now() - before) / 1000;
		return [
			{
				what: `emails/s over SMTP, ${whole(people)} sign-ups`,
				figure: `${whole((people - waiting) / seconds)}, the last one ${(seconds - rushed).toFixed(1)} s after the rush`,
				target: "all within 60 s",
			},
		];
	} finally {
		await lab.stop();
		smtp.kill();
	}
}
