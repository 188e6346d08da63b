import { readConfig } from "#app/config.server.ts";
import { openDatabase } from "#db/client.server.ts";
import { migrateToLatest } from "#db/migrate.server.ts";

// Brings the database of DATABASE_URL to the newest schema without starting the app, which does the same by itself; or to
// the migration that is named, forth or back: what the later ones added is then gone, with what was written there.
const [target] = process.argv.slice(2);
const { databaseDirectUrl } = readConfig(process.env);
if (!databaseDirectUrl)
	throw new Error("Set DATABASE_URL: the app's own database is migrated when it starts.");
const { db, close } = openDatabase({ connectionString: databaseDirectUrl });
await migrateToLatest(db, target);
await close();
