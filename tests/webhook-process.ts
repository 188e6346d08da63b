import { startWebhookWorker } from "#app/jobs/webhook-worker.server.ts";
import { reachOf } from "#app/use-cases/post-webhook.server.ts";
import { openDatabase } from "#db/client.server.ts";

/* A process that does nothing but tell other tools, to be killed without a word. Argument: database. */
const [connectionString = ""] = process.argv.slice(2);
const settings = {
	publicUrl: "https://ateliers.exemple.ca",
	secrets: ["un secret d’au moins trente-deux caractères"],
	reach: reachOf(true),
	chance: () => 0,
};
startWebhookWorker(openDatabase({ connectionString }).db, settings, console.error);
