import type { ColumnType, Generated, Insertable, JSONColumnType, Selectable } from "kysely";
import type { AttendanceStatus } from "#app/domain/attendance.ts";
import type { AttestationText } from "#app/domain/attestation.ts";
import type { Audience, CampaignView } from "#app/domain/campaign.ts";
import type { DeedKind } from "#app/domain/deed.ts";
import type { EmailTexts } from "#app/domain/email-texts.ts";
import type { IncidentDescription } from "#app/domain/incident.ts";
import type { Locale } from "#app/domain/locale.ts";
import type { Role } from "#app/domain/organizer.ts";
import type { AnswerValue, AskedAt, QuestionKind, QuestionOption } from "#app/domain/question.ts";
import type { RegistrationStatus, ShownStatus } from "#app/domain/registration.ts";
import type { WebhookEvent, WebhookFailure } from "#app/domain/webhook.ts";

/** Table types, in camelCase; `db/migrations` has the constraints. Every `Date` is an instant, money is cents. */
export type Database = {
	firm: FirmTable;
	organizer: OrganizerTable;
	signIn: SignInTable;
	organizerCookie: OrganizerCookieTable;
	passkey: PasskeyTable;
	workshop: WorkshopTable;
	workshopSlug: { locale: Locale; slug: string; workshopId: string };
	session: SessionTable;
	meeting: MeetingTable;
	booking: BookingTable;
	registration: RegistrationTable;
	waitlistEntry: WaitlistEntryTable;
	offer: OfferTable;
	attendance: AttendanceTable;
	attestation: AttestationTable;
	question: QuestionTable;
	answer: AnswerTable;
	interest: InterestTable;
	email: EmailTable;
	emailPage: EmailPageTable;
	campaign: CampaignTable;
	suppression: SuppressionTable;
	deed: DeedTable;
	incident: IncidentTable;
	apiToken: ApiTokenTable;
	webhook: WebhookTable;
	webhookDelivery: WebhookDeliveryTable;
	audit: AuditTable;
	rate: { key: string; periodStart: Date; count: number };
};

type FirmTable = {
	id: Generated<boolean>;
	name: string;
	postalAddress: string;
	email: string;
	taglineFr: string;
	taglineEn: string;
	privacyOfficerFr: string;
	privacyOfficerEn: string;
	privacyEmail: string;
	retentionMonths: Generated<number>;
	gstNumber: Generated<string>;
	qstNumber: Generated<string>;
	/** « Numéro d’agrément », as the Commission des partenaires du marché du travail gave it. */
	accreditationNumber: Generated<string>;
	/** What the form of a new date shows at first; empty or null where the firm has no habit. */
	defaultPlace: Generated<string>;
	defaultAddress: Generated<string>;
	defaultCapacity: number | null;
	/** Wall times, `09:30`. */
	defaultStart: Generated<string>;
	defaultEnd: Generated<string>;
	defaultZone: Generated<string>;
	/** The firm's own words in emails, by `kind.locale`. */
	emailTexts: JSONColumnType<EmailTexts, string | undefined, string>;
	/** Whether a confirmed seat comes as an invitation to answer (REQUEST) rather than as an entry to keep (PUBLISH). */
	calendarInvitations: Generated<boolean>;
	updatedAt: Date;
};
export type Firm = Selectable<FirmTable>;

type OrganizerTable = {
	id: string;
	email: string;
	name: string;
	locale: Locale;
	role: Role;
	/** The columns of this person's exports, by key; null until some were chosen. */
	exportColumns: string[] | null;
	/** What they want to receive: the Friday digest, and what goes wrong. */
	digest: Generated<boolean>;
	alerts: Generated<boolean>;
	/** Raised to make the address of their calendar worthless. */
	calendarVersion: Generated<number>;
	/** The columns of a session's list on their screen, by key; null until some were chosen. */
	listColumns: Generated<string[] | null>;
	createdAt: Date;
	revokedAt: Date | null;
};
export type Organizer = Selectable<OrganizerTable>;

type SignInTable = {
	id: string;
	organizerId: string;
	codeHash: string | null;
	linkHash: string;
	tries: Generated<number>;
	createdAt: Date;
	expiresAt: Date;
	usedAt: Date | null;
};

type OrganizerCookieTable = {
	tokenHash: string;
	organizerId: string;
	userAgent: string;
	createdAt: Date;
	seenAt: Date;
	expiresAt: Date;
};

type PasskeyTable = {
	/** As the device names it: base 64, safe in URLs. */
	id: string;
	organizerId: string;
	publicKey: Buffer;
	/** How often it was used, where the device counts; a number that falls means a copy. */
	counter: ColumnType<string, number, number>;
	name: string;
	createdAt: Date;
	usedAt: Date | null;
};

type WorkshopTable = {
	id: string;
	slugFr: string;
	slugEn: string;
	titleFr: string;
	titleEn: string;
	summaryFr: string;
	summaryEn: string;
	descriptionFr: string;
	descriptionEn: string;
	outcomesFr: string;
	outcomesEn: string;
	audienceFr: string;
	audienceEn: string;
	bringFr: string;
	bringEn: string;
	accessibilityFr: string;
	accessibilityEn: string;
	trainer: string;
	/** Where people say what they thought of it, unless a session has a page of its own. */
	feedbackUrl: Generated<string>;
	revision: Generated<number>;
	publishedAt: Date | null;
	archivedAt: Date | null;
	createdAt: Date;
	updatedAt: Date;
};
export type Workshop = Selectable<WorkshopTable>;

export type WaitlistMode = "automatic" | "offer" | "none";

type SessionTable = {
	id: string;
	workshopId: string;
	language: Locale;
	online: boolean;
	place: string;
	address: string;
	joinUrl: string;
	zone: string;
	capacity: number;
	minimum: Generated<number>;
	seatsTaken: Generated<number>;
	seatsWaiting: Generated<number>;
	waitlistMode: Generated<WaitlistMode>;
	waitlistSeq: Generated<number>;
	priceCents: Generated<number>;
	opensAt: Date | null;
	closesAt: Date | null;
	cancelUntil: Date | null;
	/** Until when a seat may be handed to somebody else; until the start when null. */
	giveUntil: Date | null;
	/** Days before each meeting, or weekdays; null for no reminder. The time is `10:00:00`, on the clock of `zone`. */
	reminderDays: Generated<number | null>;
	reminderWeekdays: Generated<boolean>;
	reminderTime: Generated<string>;
	/** Where people say what they thought, and whether they are thanked at all the morning after. */
	feedbackUrl: Generated<string>;
	thanks: Generated<boolean>;
	/** Held only once `minimum` people have a seat, and nobody was told yet that it is. */
	tentative: Generated<boolean>;
	/** Taken off each meeting in the hours of an attestation. */
	breakMinutes: Generated<number>;
	startsAt: Date;
	endsAt: Date;
	revision: Generated<number>;
	scheduleRevision: Generated<number>;
	publishedAt: Date | null;
	cancelledAt: Date | null;
	createdAt: Date;
	updatedAt: Date;
};
export type SessionRow = Selectable<SessionTable>;

type MeetingTable = {
	id: string;
	sessionId: string;
	position: number;
	localDate: string;
	localStart: string;
	localEnd: string;
	zone: string;
	startsAt: Date;
	endsAt: Date;
};
export type Meeting = Selectable<MeetingTable>;

type BookingTable = {
	id: string;
	key: string;
	payloadHash: string;
	reference: string;
	sessionId: string;
	contactName: string;
	contactEmail: string;
	contactLocale: Locale;
	contactAttends: Generated<boolean>;
	organization: string;
	poNumber: Generated<string>;
	billingAddress: Generated<string>;
	/** Raised when the contact's address is corrected: the link to the group's page dies. */
	tokenVersion: Generated<number>;
	createdAt: Date;
};
export type Booking = Selectable<BookingTable>;

export type CancelReason = "attendee" | "organizer" | "session" | "declined" | "lapsed" | "given" | "erased";

type RegistrationTable = {
	id: string;
	bookingId: string;
	sessionId: string;
	position: number;
	name: string;
	sortName: string;
	searchText: string;
	email: string | null;
	locale: Locale;
	organization: Generated<string>;
	phone: Generated<string>;
	note: Generated<string>;
	status: RegistrationStatus;
	/** Of a repeated registration: what the pages of its booking say. */
	shownAs: ShownStatus | null;
	/** The place in line of somebody who waits or is offered a seat. */
	entryId: string | null;
	cancelReason: CancelReason | null;
	priceCents: number;
	gstRate: Generated<string>;
	qstRate: Generated<string>;
	tokenVersion: Generated<number>;
	calendarUid: string;
	calendarSequence: Generated<number>;
	createdAt: Date;
	updatedAt: Date;
	cancelledAt: Date | null;
};
export type Registration = Selectable<RegistrationTable>;

type WaitlistEntryTable = {
	id: string;
	bookingId: string;
	sessionId: string;
	size: number;
	seq: number;
	state: Generated<"waiting" | "offered" | "confirmed" | "declined" | "lapsed" | "left">;
	skips: Generated<number>;
	createdAt: Date;
	endedAt: Date | null;
};

type OfferTable = {
	id: string;
	entryId: string;
	sessionId: string;
	seats: number;
	state: Generated<"open" | "accepted" | "declined" | "lapsed">;
	createdAt: Date;
	expiresAt: Date;
	endedAt: Date | null;
};
export type Offer = Selectable<OfferTable>;

type AttendanceTable = {
	registrationId: string;
	meetingId: string;
	status: AttendanceStatus;
	/** Spent there by somebody who came late or left early; null where nobody counted. */
	minutes: number | null;
	recordedAt: Date;
	recordedBy: string | null;
};

type AttestationTable = Omit<AttestationText, "meetings"> & {
	id: string;
	serial: string;
	registrationId: string;
	/** Of what it is the proof: whoever goes on to another date keeps it. */
	sessionId: string;
	meetings: JSONColumnType<AttestationText["meetings"]>;
	issuedAt: Date;
	issuedBy: string | null;
	/** When another one took its place, or it was taken back; null while it is in force. */
	endedAt: Date | null;
};
export type Attestation = Selectable<AttestationTable>;

type QuestionTable = {
	id: string;
	workshopId: string;
	/** The order on the page; unique among the questions of a workshop by the use cases alone. */
	position: number;
	kind: QuestionKind;
	labelFr: string;
	labelEn: string;
	options: JSONColumnType<QuestionOption[]>;
	required: boolean;
	askedAt: AskedAt;
	archivedAt: Date | null;
};
export type QuestionRow = Selectable<QuestionTable>;

type AnswerTable = {
	registrationId: string;
	questionId: string;
	value: ColumnType<AnswerValue, string, string>;
	updatedAt: Date;
};

type InterestTable = {
	id: string;
	email: string;
	locale: Locale;
	wording: string;
	source: string;
	createdAt: Date;
	endedAt: Date | null;
};

export const emailStatuses = [
	"queued",
	"sending",
	"sent",
	"captured",
	"dead",
	"cancelled",
	"bounced",
	"suppressed",
] as const;
export type EmailStatus = (typeof emailStatuses)[number];

type EmailTable = {
	id: string;
	dedupeKey: string;
	kind: string;
	registrationId: string | null;
	bookingId: string | null;
	organizerId: string | null;
	interestId: string | null;
	/** The message to many that this is one copy of. */
	campaignId: Generated<string | null>;
	toName: string;
	toAddress: string;
	replyTo: string | null;
	locale: Locale;
	subject: string;
	html: string;
	text: string;
	calendar: string | null;
	calendarMethod: "PUBLISH" | "REQUEST" | "CANCEL" | null;
	/** While it is queued, its body may be this page, with these words in its blanks. */
	pageId: Generated<string | null>;
	words: Generated<string[] | null>;
	/** The attestations that it brings, as PDF files: they are written when it leaves. */
	attachments: ColumnType<string[], string[] | undefined, string>;
	messageId: string;
	/** The version of the registration's link when this was written: a later one makes the message stale. */
	tokenVersion: number | null;
	status: EmailStatus;
	dueAt: Date;
	giveUpAt: Date;
	/** From then on it is worth nothing, and does not leave. */
	expiresAt: Generated<Date | null>;
	attempts: Generated<number>;
	lease: string | null;
	smtpResponse: string | null;
	lastError: string | null;
	createdAt: Date;
	sentAt: Date | null;
	/** When a mail server refused it for good, or it came back. */
	failedAt: Generated<Date | null>;
};
export type Email = Selectable<EmailTable>;
export type NewEmail = Insertable<EmailTable>;

type EmailPageTable = {
	id: string;
	html: string;
	text: string;
	calendar: string | null;
	blanks: string[];
	createdAt: Date;
};

type CampaignTable = {
	id: string;
	sessionId: string;
	organizerId: string;
	audience: Audience;
	/** Of the audience `view`: who is asked for. */
	view: ColumnType<CampaignView | null, string | null | undefined, string | null>;
	subjectFr: string;
	subjectEn: string;
	bodyFr: string;
	bodyEn: string;
	state: "draft" | "sending" | "sent" | "stopped";
	/** How many people it was for when it was sent. */
	recipients: number | null;
	/** The last registration or interest whose copy is queued. */
	queuedUpTo: string | null;
	createdAt: Date;
	updatedAt: Date;
	sendsAt: Date | null;
	endedAt: Date | null;
};
export type Campaign = Selectable<CampaignTable>;

type DeedTable = {
	id: string;
	sessionId: string;
	organizerId: string;
	kind: DeedKind;
	/** Where people are moved to. */
	toSessionId: string | null;
	registrationIds: string[];
	/** Those to whom it could not be done. */
	failedIds: Generated<string[]>;
	state: Generated<"waiting" | "done" | "stopped">;
	createdAt: Date;
	dueAt: Date;
	endedAt: Date | null;
};
export type Deed = Selectable<DeedTable>;

/** A confidentiality incident, in the register. */
type IncidentTable = IncidentDescription & {
	id: string;
	revision: Generated<number>;
	createdAt: Date;
	updatedAt: Date;
};
export type Incident = Selectable<IncidentTable>;

/** What other software reads the API by. A revoked one stays, so that the log can say which it was. */
type ApiTokenTable = {
	id: string;
	name: string;
	tokenHash: string;
	createdBy: string;
	createdAt: Date;
	/** To the hour. */
	lastUsedAt: Date | null;
	revokedAt: Date | null;
};
export type ApiToken = Selectable<ApiTokenTable>;

/** An address of another tool of the firm's, which hears of each registration. */
type WebhookTable = {
	id: string;
	name: string;
	/** Often a secret of the other tool's; empty once it was removed. */
	url: string;
	/** Raised to make the signing secret another one; `renewedAt` is when. */
	version: Generated<number>;
	renewedAt: Date | null;
	createdBy: string;
	createdAt: Date;
	/** The first failure since something was last received there. */
	failingSince: Date | null;
	pausedAt: Date | null;
	/** Its owner's wish, failures for days, or the answer that nothing more is wanted (410). */
	pausedBecause: "owner" | "failing" | "gone" | null;
	/** When an owner removed it. */
	endedAt: Date | null;
};
export type Webhook = Selectable<WebhookTable>;

type WebhookDeliveryTable = {
	webhookId: string;
	/** Of the line of the log that it tells of: one deed is told once to each. */
	id: string;
	event: WebhookEvent;
	sessionId: string | null;
	registrationId: string | null;
	occurredAt: Date;
	state: Generated<"waiting" | "delivered" | "dead">;
	/** When it is to be sent, or until when whoever sends it holds it. */
	dueAt: Date;
	attempts: Generated<number>;
	lease: Generated<string | null>;
	lastStatus: Generated<number | null>;
	lastFailure: Generated<WebhookFailure | null>;
	endedAt: Generated<Date | null>;
};
export type WebhookDelivery = Selectable<WebhookDeliveryTable>;

/** An address that a mail server refused for good. */
type SuppressionTable = {
	address: string;
	answer: string;
	emailId: string | null;
	createdAt: Date;
};

type AuditTable = {
	id: string;
	at: Date;
	actor: "attendee" | "organizer" | "system";
	organizerId: string | null;
	action: string;
	workshopId: string | null;
	sessionId: string | null;
	bookingId: string | null;
	registrationId: string | null;
	data: JSONColumnType<Record<string, unknown>, Record<string, unknown> | undefined>;
};
