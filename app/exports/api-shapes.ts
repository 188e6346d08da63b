import type { Locale } from "#app/domain/locale.ts";
import type { AnswerValue, Question } from "#app/domain/question.ts";
import { showReference } from "#app/domain/reference.ts";
import { type RegistrationStatus, type ShownStatus, shownStatus } from "#app/domain/registration.ts";
import { type SessionFacts, sessionStatus, tentativeUntil } from "#app/domain/session.ts";
import type { Amounts } from "#app/domain/taxes.ts";
import { slugIn } from "#app/domain/workshop.ts";
import { answerText } from "#app/i18n/answer.ts";
import { paths } from "#app/paths.ts";

/** A session with its workshop and meetings, as queries give them. */
export type ApiSession = {
	session: SessionFacts & {
		id: string;
		language: Locale;
		online: boolean;
		place: string;
		address: string;
		zone: string;
		minimum: number;
		tentative: boolean;
		priceCents: number;
		updatedAt: Date;
	};
	workshop: {
		id: string;
		titleFr: string;
		titleEn: string;
		slugFr: string;
		slugEn: string;
		publishedAt: Date | null;
		archivedAt: Date | null;
	};
	meetings: { startsAt: Date; endsAt: Date }[];
};

/** One person's place, with what their booking says of it. */
export type ApiRegistration = {
	id: string;
	sessionId: string;
	/** As stored, without its hyphen. */
	reference: string;
	position: number;
	status: RegistrationStatus;
	shownAs: ShownStatus | null;
	name: string;
	email: string | null;
	organization: string;
	phone: string;
	locale: Locale;
	contactName: string;
	contactEmail: string;
	invoice: { priceCents: number; poNumber: string; billingAddress: string; due: Amounts | null };
	/** By question. */
	answers: ReadonlyMap<string, AnswerValue>;
	createdAt: Date;
	updatedAt: Date;
	cancelledAt: Date | null;
};

type Announced = { session: { publishedAt: Date | null }; workshop: { publishedAt: Date | null } };

/** Whether a session is there for everybody: it is published, and its workshop too. */
export function isAnnounced({ session, workshop }: Announced): boolean {
	return session.publishedAt !== null && workshop.publishedAt !== null;
}

/**
 * A session as other software reads it. Instants are RFC 3339 in UTC, money is cents before taxes. Never holds the link to
 * join an online session. Of a workshop that was put away, nobody more can sign up, and no page is left; what is not
 * announced is a draft, and has none either.
 */
export function sessionShape({ session, workshop, meetings }: ApiSession, publicUrl: string, now: Date) {
	const { archivedAt } = workshop;
	const announced = isAnnounced({ session, workshop });
	const status = () => sessionStatus({ ...session, closesAt: archivedAt ?? session.closesAt }, now);
	const address = (locale: Locale, sessionId?: string) =>
		archivedAt || !announced ? null : publicUrl + paths.workshop(locale, slugIn(workshop, locale), sessionId);
	return {
		id: session.id,
		workshop: {
			id: workshop.id,
			title: { fr: workshop.titleFr, en: orNull(workshop.titleEn) },
			url: { fr: address("fr"), en: address("en") },
		},
		url: { fr: address("fr", session.id), en: address("en", session.id) },
		state: announced ? status() : session.cancelledAt ? "cancelled" : "draft",
		tentative: tentativeUntil(session, now) !== null,
		language: session.language,
		meetings: meetings.map(({ startsAt, endsAt }) => ({
			starts_at: startsAt.toISOString(),
			ends_at: endsAt.toISOString(),
		})),
		time_zone: session.zone,
		online: session.online,
		place: orNull(session.place),
		address: orNull(session.address),
		capacity: session.capacity,
		seats_taken: session.seatsTaken,
		seats_waiting: session.seatsWaiting,
		price_cents: session.priceCents,
		currency: "CAD",
		opens_at: instant(session.opensAt),
		closes_at: instant(session.closesAt),
		updated_at: session.updatedAt.toISOString(),
	};
}

type SessionShape = ReturnType<typeof sessionShape>;

/** Which fields of a session differ, but for when it was changed. */
export function changedFields(before: SessionShape, after: SessionShape): string[] {
	return (Object.keys(after) as (keyof SessionShape)[]).filter(
		(field) => field !== "updated_at" && JSON.stringify(before[field]) !== JSON.stringify(after[field]),
	);
}

/**
 * One person's place as other software reads it, with their answers to these questions. Never holds a link, a token, a rank
 * on the waitlist or what organizers note for themselves. Of whoever was erased, only what counts is left.
 */
export function registrationShape(registration: ApiRegistration, questions: readonly Question[]) {
	const { invoice, answers } = registration;
	const { due } = invoice;
	return {
		id: registration.id,
		session_id: registration.sessionId,
		reference: showReference(registration.reference),
		position: registration.position,
		status: shownStatus(registration),
		name: orNull(registration.name),
		email: registration.email,
		organization: orNull(registration.organization),
		phone: orNull(registration.phone),
		locale: registration.locale,
		contact: { name: orNull(registration.contactName), email: orNull(registration.contactEmail) },
		answers: questions.flatMap((question) => {
			const value = answers.get(question.id);
			return value === undefined ? [] : [answerShape(question, value)];
		}),
		price_cents: invoice.priceCents,
		to_invoice: due && {
			subtotal_cents: due.subtotal,
			gst_cents: due.gst,
			qst_cents: due.qst,
			total_cents: due.total,
		},
		currency: "CAD",
		po_number: orNull(invoice.poNumber),
		billing_address: orNull(invoice.billingAddress),
		created_at: registration.createdAt.toISOString(),
		updated_at: registration.updatedAt.toISOString(),
		cancelled_at: instant(registration.cancelledAt),
	};
}

/** `value` stays the same whatever the words of an option become; `text` is what people read. */
function answerShape(question: Question, value: AnswerValue) {
	return {
		question_id: question.id,
		question: { fr: question.labelFr, en: orNull(question.labelEn) },
		value,
		text: { fr: answerText(question, value, "fr"), en: answerText(question, value, "en") },
	};
}

function instant(at: Date | null): string | null {
	return at?.toISOString() ?? null;
}

function orNull(text: string): string | null {
	return text === "" ? null : text;
}
