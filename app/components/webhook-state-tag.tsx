import type { Locale } from "#app/domain/locale.ts";
import { dictionary } from "#app/i18n/translate.ts";
import type { Webhook } from "#db/schema.ts";

/** Whether a webhook is told what happens, as a word. */
export function WebhookStateTag(props: {
	/** `lost` counts the messages that were given up. */
	webhook: Pick<Webhook, "failingSince" | "pausedBecause"> & { lost: number };
	locale: Locale;
}) {
	const { failingSince, pausedBecause, lost } = props.webhook;
	const { states } = dictionary(props.locale).organizer.webhooks;
	if (pausedBecause === "owner") return <span className="tag quiet">{states.owner}</span>;
	if (pausedBecause) return <span className="tag bad">{states.stopped}</span>;
	if (failingSince) return <span className="tag warn">{states.failing}</span>;
	if (lost > 0) return <span className="tag warn">{states.lost(lost)}</span>;
	return <span className="tag ok">{states.on}</span>;
}
