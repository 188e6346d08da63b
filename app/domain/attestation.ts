import type { AttendanceStatus } from "./attendance.ts";
import type { Locale } from "./locale.ts";
import { crockford, parseCrockford } from "./reference.ts";

/** A meeting that somebody was at, and for how many minutes, without its break. Instants are ISO 8601. */
type AttendedMeeting = { startsAt: string; endsAt: string; minutes: number };

/** What a proof of participation says: who was at what, when, for how long, with whom. */
export type AttestationText = {
	/** The language it is written in. */
	locale: Locale;
	name: string;
	/** Who employs them; may be empty. */
	organization: string;
	title: string;
	/** What the training is about (Règlement sur les dépenses de formation admissibles, RLRQ c. D-8.3, r. 3). */
	object: string;
	trainer: string;
	place: string;
	zone: string;
	/** In order; at least one. */
	meetings: AttendedMeeting[];
	firmName: string;
	/** « Numéro d’agrément »; empty where the firm has none. */
	accreditationNumber: string;
};

type Meeting = { id: string; startsAt: Date; endsAt: Date };
/** What was recorded of somebody at a meeting: `minutes` where they were there in part, and somebody counted. */
export type Seen = { meetingId: string; status: AttendanceStatus; minutes: number | null };

/** The minutes of training in a meeting: all of it but the break. */
export function trainingMinutes(
	{ startsAt, endsAt }: Pick<Meeting, "startsAt" | "endsAt">,
	breakMinutes: number,
): number {
	return Math.max(0, Math.round((endsAt.getTime() - startsAt.getTime()) / 60_000) - breakMinutes);
}

/** What somebody was seen at; or why it cannot be said yet, or never will be. */
type Participation =
	| { ok: true; meetings: AttendedMeeting[] }
	| { ok: false; reason: "unseen" | "untold" | "absent" };

/**
 * What somebody was at, for how long. `unseen`: nothing was recorded of them at one of the meetings; `untold`: they were
 * there in part, and nobody said for how long; `absent`: they came to none.
 */
export function participationOf(
	meetings: readonly Meeting[],
	seen: readonly Seen[],
	breakMinutes: number,
): Participation {
	const attended: AttendedMeeting[] = [];
	for (const meeting of meetings) {
		const record = seen.find(({ meetingId }) => meetingId === meeting.id);
		if (!record) return { ok: false, reason: "unseen" };
		if (record.status === "absent") continue;
		const whole = trainingMinutes(meeting, breakMinutes);
		if (record.status === "partial" && record.minutes === null) return { ok: false, reason: "untold" };
		const minutes = record.status === "partial" ? Math.min(record.minutes ?? 0, whole) : whole;
		const { startsAt, endsAt } = meeting;
		attended.push({ startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString(), minutes });
	}
	return attended.length > 0 ? { ok: true, meetings: attended } : { ok: false, reason: "absent" };
}

/** Why there is no attestation, or none any more: `gone` without a seat, `unprintable` a name that the fonts cannot write. */
export type NoDraft = Extract<Participation, { ok: false }>["reason"] | "gone" | "unprintable";

/** Whether the proof that somebody holds is to be taken back: they did not come, or have no seat any more. */
export function endsProof(reason: NoDraft): reason is "absent" | "gone" {
	return reason === "absent" || reason === "gone";
}

/**
 * Whether a name can be printed: in the scripts that the fonts have, from left to right. Chinese, Arabic or Thai would come out as
 * empty squares, or in the wrong order.
 */
export function isPrintable(text: string): boolean {
	return text === printable(text);
}

const unprintable =
	/[^\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Georgian}\p{Script=Canadian_Aboriginal}\p{Script=Common}\p{Script=Inherited}]|\p{Emoji_Presentation}|\p{Cf}/gu;

/** A text without what cannot be printed. */
export function printable(text: string): string {
	return text.replaceAll(unprintable, "");
}

/** The minutes that an attestation is for. */
export function minutesOf({ meetings }: Pick<AttestationText, "meetings">): number {
	return meetings.reduce((sum, { minutes }) => sum + minutes, 0);
}

/** What somebody has corrected, or had corrected; the rest is the workshop's, or the firm's. */
const ownParts = ["locale", "name", "organization", "meetings"] as const;
const parts = [
	...ownParts,
	"title",
	"object",
	"trainer",
	"place",
	"firmName",
	"accreditationNumber",
] as const;
export type AttestationPart = (typeof parts)[number];

/** In what an attestation that was issued differs from what one would say now. */
export function attestationDifferences(issued: AttestationText, now: AttestationText): AttestationPart[] {
	return parts.filter((part) => {
		if (part !== "meetings") return issued[part] !== now[part];
		return meetingsAsText(issued) !== meetingsAsText(now);
	});
}

function meetingsAsText({ meetings }: AttestationText): string {
	return meetings.map(({ startsAt, endsAt, minutes }) => `${startsAt} ${endsAt} ${minutes}`).join("\n");
}

/** Whether what differs is a fact about the person, so that what they hold is wrong. */
export function isCorrection(differences: readonly AttestationPart[]): boolean {
	const own: readonly AttestationPart[] = ownParts;
	return differences.some((part) => own.includes(part));
}

const serialBytes = 10;
const serialLength = 16;

/** Ten random bytes to the sixteen characters of a serial number: too many to guess. */
export function serialFromBytes(bytes: Uint8Array): string {
	return crockford(bytes.subarray(0, serialBytes));
}

/** `7KQ2-M4TD-9XW3-B5NA`, as it is printed. */
export function showSerial(serial: string): string {
	return serial.match(/.{4}/g)?.join("-") ?? serial;
}

/** What somebody typed, back to the stored form, or null where it cannot be a serial number. */
export function parseSerial(typed: string): string | null {
	return parseCrockford(typed, serialLength);
}
