import type { HttpBindings } from "@hono/node-server";
import type { Config } from "#app/config.server.ts";
import type { WebhookSettings } from "#app/use-cases/deliver-webhooks.server.ts";
import type { MailOrigin } from "#app/use-cases/mail-origin.ts";
import type { Registrar } from "#app/use-cases/registrar.server.ts";
import type { Db } from "#db/client.server.ts";

/** What every loader and action receives as `context`, made once by `server.ts`, but for what belongs to one request. */
export type AppContext = {
	config: Config;
	db: Db;
	registrar: Registrar;
	origin: MailOrigin;
	/** The first signs; all of them verify. */
	secrets: [string, ...string[]];
	/** How messages to the firm's other tools are signed and sent. */
	webhooks: WebhookSettings;
	/** Something was queued: the mail and the webhooks look soon, here and on the other instances. */
	wake(): void;
	clientIp: string;
	requestId: string;
	/** Allows the scripts of the pages that have some (CSP). */
	nonce: string;
	/** Set when this request failed because the database is out of reach: the answer is then 503, not 500. */
	databaseUnavailable?: boolean;
	/** Set when this request went beyond a limit: how long until that one counts from nothing again. */
	limitedForSeconds?: number;
	/** On the page of a refusal: what was typed, to be sent again to the same address. */
	retry?: Retry;
};

/** What the site's own layers, which stand before Remix, know of one request. */
export type SiteEnv = {
	/**
	 * `before` is when the request came, by `performance.now()`, where it waited since. `retry` asks for the page of whoever
	 * will be turned away: no request of anybody's.
	 */
	Bindings: HttpBindings & { before?: number; retry?: Retry };
	Variables: { secureHeadersNonce?: string; requestId: string };
};

export type Retry = { action: string; fields: [name: string, value: string][] };

declare module "@remix-run/server-runtime" {
	interface AppLoadContext extends AppContext {}
	interface Future {
		v3_singleFetch: true;
	}
}
