import { startEmbedded } from "#db/embedded.server.ts";

// A process of the application as far as the embedded database can tell. It leaves when its parent says so, or is gone.
const embedded = await startEmbedded(process.argv[2]!);
process.once("disconnect", async () => {
	await embedded.stop();
	process.exit(0);
});
process.send?.({ connection: embedded.connection, isNew: embedded.isNew });
