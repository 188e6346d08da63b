import type { Locale } from "#app/domain/locale.ts";
import { dictionary } from "#app/i18n/translate.ts";
import type { Webhook } from "#db/schema.ts";

/** Whether a webhook is told what happens, as a word. */
export function WebhookStateTag(props: {
	webhook: Pick<Webhook, "failingSince" | "pausedBecause">;
	locale: Locale;
}) {
	const { failingSince, pausedBecause } = props.webhook;
	const { states } = dictionary(props.locale).organizer.webhooks;
	if (pausedBecause === "owner") return <span className="tag quiet">{states.owner}</span>;
	if (pausedBecause) return <span className="tag bad">{states.stopped}</span>;
	if (failingSince) return <span className="tag warn">{states.failing}</span>;
	return <span className="tag ok">{states.on}</span>;
}
