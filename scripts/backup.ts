import { copyFile, mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { readConfig } from "#app/config.server.ts";
import { startEmbedded } from "#db/embedded.server.ts";
import { saveTables } from "#db/snapshot.server.ts";

// npm run backup -- FOLDER: everything the database holds at one instant, in a new folder, while the app runs or not.
const { dataDir, databaseDirectUrl } = readConfig(process.env);
const name = new Date().toISOString().replaceAll(":", "-");
const folder = resolve(process.argv[2] ?? join(dataDir, "backups", name));
const embedded = databaseDirectUrl ? null : await startEmbedded(dataDir);
const connection = embedded?.connection ?? { connectionString: databaseDirectUrl! };
await mkdir(resolve(folder, ".."), { recursive: true, mode: 0o700 });
await mkdir(folder, { mode: 0o700 });
try {
	const { tables } = await saveTables(connection, folder, new Date());
	// The links of emails are signed with it. A site with DATABASE_URL keeps its secret elsewhere.
	if (embedded) await copyFile(join(dataDir, "secret"), join(folder, "secret")).catch(() => {});
	for (const { table, rows } of tables) console.log(`${String(rows).padStart(9)}  ${table}`);
	console.log(`Saved in ${folder}`);
} catch (error) {
	await rm(folder, { recursive: true, force: true });
	throw error;
} finally {
	await embedded?.stop();
}
