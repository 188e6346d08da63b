import type { Config } from "#app/config.server.ts";
import type { MailOrigin } from "#app/use-cases/mail-origin.ts";
import type { Registrar } from "#app/use-cases/registrar.server.ts";
import type { Db } from "#db/client.server.ts";

/** What every loader and action receives as `context`, made once by `server.ts`, but for the last two. */
export type AppContext = {
	config: Config;
	db: Db;
	registrar: Registrar;
	origin: MailOrigin;
	/** The first signs; all of them verify. */
	secrets: [string, ...string[]];
	/** Tells this process's mail worker, and the other instances', that something was queued. */
	wakeMail(): void;
	clientIp: string;
	requestId: string;
};

declare module "@remix-run/server-runtime" {
	interface AppLoadContext extends AppContext {}
	interface Future {
		v3_singleFetch: true;
	}
}
