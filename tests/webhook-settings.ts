import type { WebhookSettings } from "#app/use-cases/deliver-webhooks.server.ts";
import { reachOf } from "#app/use-cases/post-webhook.server.ts";
import { origin } from "#tests/fixtures.ts";

/** A site whose host lets webhooks lead inside, as the receivers of tests are. */
export const webhookSettings: WebhookSettings = {
	publicUrl: origin.publicUrl,
	secrets: ["un secret d’au moins trente-deux caractères"],
	reach: { ...reachOf(true), patienceMs: 500 },
	chance: () => 0,
};
