import { startMailWorker } from "#app/jobs/worker.server.ts";
import { openDatabase } from "#db/client.server.ts";
import { transportFor } from "#emails/transport.server.ts";

/* A process that does nothing but deliver, to be killed without a word. Arguments: database, mail server. */
const [connectionString = "", smtpUrl = ""] = process.argv.slice(2);
const { db } = openDatabase({ connectionString });
const transport = transportFor({ smtpUrl, dkim: null });
const settings = {
	publicUrl: "https://ateliers.exemple.ca",
	secret: "un secret d’au moins trente-deux caractères",
	from: { name: "Formation Exemple", address: "inscriptions@exemple.ca" },
};
startMailWorker(db, { connectionString }, transport, settings, console.error);
