import { readFileSync } from "node:fs";
import { readConfig } from "#app/config.server.ts";
import { recordBounce } from "#app/use-cases/record-bounce.server.ts";
import { openDatabase } from "#db/client.server.ts";
import { messagesOfMailbox } from "#emails/bounce.ts";

// Reads the reports of a mailbox file into the database of DATABASE_URL. Reading it twice does no harm.
const [file] = process.argv.slice(2);
if (!file) throw new Error("Say which mailbox file to read: npm run mail:bounces -- /var/mail/retours");
const config = readConfig(process.env);
if (!config.databaseUrl) throw new Error("Set DATABASE_URL to the database of the site.");
const { db, close } = openDatabase({ connectionString: config.databaseUrl });
const outcomes: Record<string, number> = {};
for (const message of messagesOfMailbox(readFileSync(file, "utf8"))) {
	const outcome = await recordBounce(db, message, new Date());
	outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
}
console.log(outcomes);
await close();
