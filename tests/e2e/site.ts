import { appendFileSync, mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { fillWithDemo } from "#app/jobs/demo.server.ts";
import { openDatabase } from "#db/client.server.ts";
import { ensureFirm } from "#db/queries/firm.server.ts";
import { freePort, signInByConsole, startApp } from "../app-process.ts";
import { startFilledSite } from "../http/filled-site.ts";
import { startTestPostgres } from "../postgres.ts";

/*
 * The site that the browser tests drive: the demo on a real Postgres, the built app, and a real mail server whose
 * messages land in a file. Beside it, a filled site, to look at and never to change. Says where they are on one line, and
 * ends when its standard input does.
 */
const mailbox = process.argv[2]!;
mkdirSync(dirname(mailbox), { recursive: true });
rmSync(mailbox, { force: true });

const smtp = new SMTPServer({
	authOptional: true,
	disabledCommands: ["STARTTLS"],
	onData(stream, _session, done) {
		simpleParser(stream).then((mail) => {
			const to = Array.isArray(mail.to) ? mail.to : mail.to ? [mail.to] : [];
			const calendar = mail.attachments
				.find(({ contentType }) => contentType === "text/calendar")
				?.content.toString();
			const message = {
				to: to.flatMap(({ value }) => value.map(({ address }) => address)),
				subject: mail.subject,
				text: mail.text,
				html: mail.html,
				calendar,
			};
			appendFileSync(mailbox, `${JSON.stringify(message)}\n`);
			done();
		}, done);
	},
});
const smtpPort = await freePort();
await new Promise<void>((resolve) => smtp.listen(smtpPort, "127.0.0.1", resolve));

const postgres = await startTestPostgres();
const databaseUrl = await postgres.createDatabase("e2e");
const port = String(await freePort());
// A name, as passkeys are for a name and not for a number.
const publicUrl = `http://localhost:${port}`;
const { db, close } = openDatabase({ connectionString: databaseUrl });
await ensureFirm(db, "Formation Exemple inc.", new Date());
await fillWithDemo(
	db,
	{ publicUrl, mailAddress: "inscriptions@exemple.ca", domain: "localhost" },
	new Date(),
);
await close();

const app = await startApp({
	PORT: port,
	PUBLIC_URL: publicUrl,
	DATABASE_URL: databaseUrl,
	SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
	MAIL_FROM: "Formation Exemple <inscriptions@exemple.ca>",
	ORGANIZER_EMAIL: "responsable@exemple.ca",
});
const cookie = await signInByConsole(app);
const filledUrl = await postgres.createDatabase("filled");
const filled = openDatabase({ connectionString: filledUrl });
const site = await startFilledSite({ db: filled.db, url: filledUrl, drop: filled.close });
const { addresses } = site;
const cookies = { fr: await site.ownerCookie("fr"), en: await site.ownerCookie("en") };
const everyPage = { url: site.app.url, cookies, addresses };
console.log(JSON.stringify({ url: publicUrl, cookie, everyPage }));

process.stdin.resume();
process.stdin.on("end", async () => {
	await Promise.all([app.stop(), site.close()]);
	await postgres.stop();
	process.exit(0);
});
