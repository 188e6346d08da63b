import { readConfig } from "#app/config.server.ts";
import { fillWithDemo } from "#app/jobs/demo.server.ts";
import { mailOrigin } from "#app/use-cases/mail-origin.ts";
import { openDatabase } from "#db/client.server.ts";
import { migrateToLatest } from "#db/migrate.server.ts";

// Fills the database of DATABASE_URL with the demo site, on request alone and only while it holds no workshop.
const config = readConfig(process.env);
if (!config.databaseDirectUrl)
	throw new Error("Set DATABASE_URL: the app's own database gets the demo when it is new.");
const { db, close } = openDatabase({ connectionString: config.databaseDirectUrl });
await migrateToLatest(db);
const workshop = await db.selectFrom("workshop").select("id").executeTakeFirst();
if (workshop) console.log("This database holds a workshop already: nothing was added.");
else await fillWithDemo(db, mailOrigin(config), new Date());
await close();
