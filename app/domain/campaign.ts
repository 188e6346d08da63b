import type { Locale } from "./locale.ts";

/** Who a message to many goes to: who a view of a session's list shows, its people by status, or those who asked for announcements. */
export const audiences = ["view", "confirmed", "waitlisted", "cancelled", "interest"] as const;
export type Audience = (typeof audiences)[number];

/** A search or a choice of a session's list, as it was when the message was written: it is asked again when it leaves. */
export type CampaignView = {
	tab: "confirmed" | "waitlisted" | "cancelled" | "present" | "absent";
	search: string;
	language?: Locale;
	only?: "note" | "no-email";
	/** Those who were ticked. */
	ids?: string[];
};

/** How long an organizer may change their mind before the first copy leaves, in milliseconds. */
export const undoMs = 30_000;

/** The variables that a message may hold. Who asked for announcements has neither a name nor a seat. */
export function variablesFor(audience: Audience): string[] {
	const shared = ["session", "date", "time", "place", "session_url"];
	return audience === "interest" ? shared : ["name", ...shared, "manage_url"];
}

type BilingualMessage = { subjectFr: string; subjectEn: string; bodyFr: string; bodyEn: string };

/** The message in a reader's language; in French, and named as such, where there is no English one. */
export function messageIn(
	message: BilingualMessage,
	locale: Locale,
): { subject: string; body: string; lang: Locale } {
	if (locale === "en" && message.subjectEn && message.bodyEn) {
		return { subject: message.subjectEn, body: message.bodyEn, lang: "en" };
	}
	return { subject: message.subjectFr, body: message.bodyFr, lang: "fr" };
}

/** Where a message to many stands: undone until its time, then under way, then over. */
export function campaignPhase(
	campaign: { state: "draft" | "sending" | "sent" | "stopped"; sendsAt: Date | null },
	left: number,
	now: Date,
): "draft" | "undoable" | "sending" | "sent" | "stopped" {
	const { state, sendsAt } = campaign;
	if (state === "draft" || state === "stopped") return state;
	if (sendsAt && now < sendsAt) return "undoable";
	return state === "sending" || left > 0 ? "sending" : "sent";
}
