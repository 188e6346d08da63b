import { spawn } from "node:child_process";
import { once } from "node:events";
import { outboxCounts } from "#emails/outbox.server.ts";
import { transportFor } from "#emails/transport.server.ts";
import { type Lab, mailGone, openLab, signUp } from "./lab.ts";
import { givenSessions } from "./site.ts";
import { type Row, share, whole } from "./table.ts";

const people = 2_000;

/**
 * Emails per second from the outbox through a mail server in a process of its own, after a rush; beside nodemailer alone,
 * which sends the same messages to the same server from memory.
 */
export async function measureEmails(): Promise<Row[]> {
	const smtp = spawn(process.execPath, ["--import", "tsx", "bench/smtp-process.ts"], {
		stdio: ["pipe", "pipe", "inherit"],
	});
	const [port] = await once(smtp.stdout, "data");
	const smtpUrl = `smtp://127.0.0.1:${String(port).trim()}`;
	const lab = await openLab({
		SMTP_URL: smtpUrl,
		MAIL_FROM: "Formation Exemple <inscriptions@exemple.ca>",
		ORGANIZER_EMAIL: "responsable@exemple.ca",
	});
	try {
		const date = await givenSessions(lab.db, 1, people);
		const before = performance.now();
		await signUp(lab, date, { connections: 32, seconds: 60, most: people });
		const rushed = (performance.now() - before) / 1000;
		const { waiting } = await outboxCounts(lab.db);
		const left = await mailGone(lab.db);
		const seconds = (performance.now() - before) / 1000;
		const perSecond = (waiting - left) / (seconds - rushed);
		const limit = await nodemailerAlone(lab, smtpUrl);
		return [
			{
				what: `emails/s over SMTP, ${whole(people)} sign-ups`,
				figure: `${whole((people - left) / seconds)}, the last one ${(seconds - rushed).toFixed(1)} s after the rush`,
				target: "all within 60 s",
			},
			{
				what: `emails/s once it is over, ${whole(waiting)} waiting`,
				figure: whole(perSecond),
				limit: `nodemailer ${whole(limit)}`,
				ratio: share(perSecond, limit),
			},
		];
	} finally {
		await lab.stop();
		smtp.kill();
	}
}

async function nodemailerAlone({ db }: Lab, smtpUrl: string): Promise<number> {
	const emails = await db.selectFrom("email").selectAll().where("status", "=", "sent").execute();
	const transport = transportFor({ smtpUrl, dkim: null });
	const before = performance.now();
	const deliveries = await Promise.all(
		emails.map(({ toName, toAddress, createdAt, calendar, ...email }) =>
			transport.deliver({
				...email,
				attachments: [],
				from: { name: "Formation Exemple", address: "inscriptions@exemple.ca" },
				to: { name: toName, address: toAddress },
				calendar: calendar ? { method: email.calendarMethod ?? "PUBLISH", content: calendar } : null,
				date: createdAt,
			}),
		),
	);
	const seconds = (performance.now() - before) / 1000;
	transport.close();
	return deliveries.filter(({ outcome }) => outcome === "sent").length / seconds;
}
