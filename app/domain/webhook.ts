/** What other tools are told. The four that are named after a status say that somebody's place has it now. */
export const webhookEvents = [
	"registration.confirmed",
	"registration.waitlisted",
	"registration.offered",
	"registration.cancelled",
	"registration.moved",
	"registration.updated",
	"registration.erased",
	"session.changed",
	"session.cancelled",
] as const;

export type WebhookEvent = (typeof webhookEvents)[number];

/** What is sent to find out whether an address listens: it is about nobody. */
export const testEvent = "webhook.test";

/** A deed as the log records it. */
type Deed = { action: string; data?: Record<string, unknown> };

/** Deeds that always mean the same to another tool. */
const eventOfAction: Record<string, WebhookEvent> = {
	"registration.confirmed": "registration.confirmed",
	"registration.seated": "registration.confirmed",
	"registration.received": "registration.confirmed",
	"offer.accepted": "registration.confirmed",
	"registration.waitlisted": "registration.waitlisted",
	"waitlist.returned": "registration.waitlisted",
	"registration.offered": "registration.offered",
	"registration.cancelled": "registration.cancelled",
	"registration.given": "registration.cancelled",
	"offer.declined": "registration.cancelled",
	"offer.lapsed": "registration.cancelled",
	"registration.switched": "registration.moved",
	"registration.corrected": "registration.updated",
	"registration.edited": "registration.updated",
	"registration.answered": "registration.updated",
	"booking.address-corrected": "registration.updated",
	"booking.contact-erased": "registration.updated",
	"registration.erased": "registration.erased",
	"session.created": "session.changed",
	"session.changed": "session.changed",
	"session.confirmed": "session.changed",
	"session.cancelled": "session.cancelled",
};

/** Deeds after which a place can have one status or another, which the log then holds as `status`. */
const eventOfStatus: Record<string, WebhookEvent> = {
	confirmed: "registration.confirmed",
	waitlisted: "registration.waitlisted",
	offered: "registration.offered",
	cancelled: "registration.cancelled",
	// The address turned out to have a place already: this one is nobody's any more.
	repeated: "registration.cancelled",
};

/** What organizers note for themselves, and how they sort people, is nobody else's business. */
const ownFields = ["note", "sortName"];

/** What other tools are told of a deed, or null where it is nothing to them. */
export function eventOf({ action, data = {} }: Deed): WebhookEvent | null {
	if (typeof data.status === "string" && (action.startsWith("registration.") || action in eventOfAction))
		return eventOfStatus[data.status] ?? null;
	// Whoever asked twice had no place to give up or to change.
	if (data.was === "repeated") return null;
	// Nor is what shows in no field, such as the link to join or a reminder.
	if (Array.isArray(data.fields) && data.fields.every((field) => ownFields.includes(field))) return null;
	return eventOfAction[action] ?? null;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** How long to wait after the first failure, after the second, and so on: the waits of the Standard Webhooks specification. */
const waits = [
	5 * second,
	5 * minute,
	30 * minute,
	2 * hour,
	5 * hour,
	10 * hour,
	14 * hour,
	20 * hour,
	24 * hour,
];

/**
 * When to try again after `attempts` failures, or null once that is enough. Up to a tenth is added to the wait, by `chance`
 * (0 to 1), so that what failed together does not come back together.
 */
export function retryAt(attempts: number, chance: number, now: Date): Date | null {
	const wait = waits[attempts - 1];
	return wait === undefined ? null : new Date(now.getTime() + wait * (1 + chance / 10));
}

const patienceMs = 5 * 24 * hour;

/**
 * Whether a receiver that has taken nothing since `failingSince` is not tried any more. A message of today says little: after
 * a long silence it may be the first since one that failed.
 */
export function hasFailedTooLong(failingSince: Date, toldOf: Date, now: Date): boolean {
	return (
		now.getTime() - failingSince.getTime() >= patienceMs && now.getTime() - toldOf.getTime() >= 24 * hour
	);
}

/** Why an attempt failed, where there was no answer. */
export type WebhookFailure = "timeout" | "name" | "address" | "certificate" | "unreachable";

/** What came back: the answer's code, or why there was none. */
export type WebhookAnswer = { status: number; failure: null } | { status: null; failure: WebhookFailure };

export type WebhookOutcome = "delivered" | "failed" | "gone";

/** What an answer means: received, to be tried again, or that nothing more is wanted there (410). */
export function outcomeOf({ status }: WebhookAnswer): WebhookOutcome {
	if (status === 410) return "gone";
	return status !== null && status >= 200 && status < 300 ? "delivered" : "failed";
}

/** The host that a webhook's address names, which may be shown where the rest of it, often a secret, is not. */
export function hostOf(url: string): string {
	return URL.canParse(url) ? new URL(url).host : "";
}

/** Why an address cannot be a webhook's, or null where it can. */
export function addressProblem(typed: string, inside: boolean): "address" | "https" | "user" | "port" | null {
	if (!URL.canParse(typed)) return "address";
	const { protocol, username, password, port, hostname } = new URL(typed);
	if (protocol !== "https:" && !(inside && protocol === "http:"))
		return protocol === "http:" ? "https" : "address";
	if (hostname === "") return "address";
	if (username || password) return "user";
	// Below 1024 live other services than the web's.
	if (!inside && port !== "" && Number(port) < 1024) return "port";
	return null;
}
