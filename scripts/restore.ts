import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { readConfig } from "#app/config.server.ts";
import { startEmbedded } from "#db/embedded.server.ts";
import { loadTables } from "#db/snapshot.server.ts";

// npm run restore -- FOLDER: reads a backup into the empty database of DATABASE_URL, or into a new DATA_DIR.
const folder = process.argv[2];
if (!folder) throw new Error("Say which backup: npm run restore -- FOLDER");
const { dataDir, databaseDirectUrl } = readConfig(process.env);
const embedded = databaseDirectUrl ? null : await startEmbedded(dataDir);
try {
	const connection = embedded?.connection ?? { connectionString: databaseDirectUrl! };
	const { tables, savedAt } = await loadTables(connection, folder);
	if (embedded) {
		await mkdir(dataDir, { recursive: true });
		await copyFile(join(folder, "secret"), join(dataDir, "secret")).catch(() => {});
	}
	const rows = tables.reduce((sum, table) => sum + table.rows, 0);
	console.log(`Read ${rows} rows of ${tables.length} tables, as they were at ${savedAt}.`);
} finally {
	await embedded?.stop();
}
