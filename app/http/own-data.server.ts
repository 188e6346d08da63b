import { minutesOf, showSerial } from "#app/domain/attestation.ts";
import type { Locale } from "#app/domain/locale.ts";
import { labelIn } from "#app/domain/question.ts";
import { showReference } from "#app/domain/reference.ts";
import { isContactOf, shownStatus, statusAt } from "#app/domain/registration.ts";
import { type Priced, type TaxNumbers, taxesOf } from "#app/domain/taxes.ts";
import { textIn } from "#app/domain/workshop.ts";
import { answerText } from "#app/i18n/answer.ts";
import { formatMoney } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { localeOfPath } from "#app/paths.ts";
import type { Db } from "#db/client.server.ts";
import { listAttendance } from "#db/queries/attendance.server.ts";
import { listAttestations } from "#db/queries/attestations.server.ts";
import { listHistory } from "#db/queries/audit.server.ts";
import { findBilling } from "#db/queries/bookings.server.ts";
import { listEmailsTo } from "#db/queries/emails.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { listConsents } from "#db/queries/interest.server.ts";
import { listOwnAnswers } from "#db/queries/questions.server.ts";
import type { SessionDetails } from "#db/queries/sessions.server.ts";
import type { AppContext } from "./context.server.ts";
import { datesElsewhere, findOwnGroup, findOwnPlace } from "./own-pages.server.ts";

function describe({ session, workshop, meetings }: SessionDetails, locale: Locale) {
	const { online } = dictionary(locale);
	return {
		workshop: textIn(workshop, "title", locale).text,
		meetings: meetings.map(({ startsAt, endsAt }) => ({ startsAt, endsAt })),
		place: session.online ? online : [session.place, session.address].filter(Boolean).join(", "),
	};
}

/** What a place costs, and its taxes; nothing of them where there is none. */
function costOf(registration: Priced & Parameters<typeof shownStatus>[0], firm: TaxNumbers, locale: Locale) {
	const owed = shownStatus(registration) === "confirmed" ? [registration] : [];
	const { gst, qst, total } = taxesOf(owed, firm);
	const money = (cents: number | null) => (cents ? formatMoney(cents, locale) : null);
	return { price: money(registration.priceCents), gst: money(gst), qst: money(qst), total: money(total) };
}

/** What an address agreed to receive. */
async function findConsents(db: Db, email: string | null, locale: Locale) {
	const { sources }: { sources: Record<string, string> } = dictionary(locale).ownData;
	const consents = email ? await listConsents(db, email) : [];
	return consents.map(({ wording, source, createdAt, endedAt }) => ({
		agreedTo: wording,
		agreedWhere: sources[source] ?? source,
		agreedAt: createdAt,
		stoppedAt: endedAt,
	}));
}

/** What is kept of a contact, and of those whom they signed up as far as their page shows it. Throws a 404 as `findOwnPlace`. */
export async function findGroupData(context: AppContext, request: Request, token = "") {
	const locale = localeOfPath(new URL(request.url).pathname);
	const group = await findOwnGroup(context, token);
	const { booking, registrations, details } = group;
	const t = dictionary(locale);
	const { contactName, contactEmail, contactLocale, organization } = booking;
	const elsewhere = await datesElsewhere(context, group);
	const starts = new Map(elsewhere.map(({ session }) => [session.id, session.startsAt]));
	const people = registrations.map((person) => ({ ...person, status: statusAt(booking.sessionId, person) }));
	const data = {
		...describe(details, locale),
		reference: showReference(booking.reference),
		contact: { name: contactName, email: contactEmail, language: t.languageName[contactLocale] },
		organization: organization || null,
		poNumber: booking.poNumber || null,
		billingAddress: booking.billingAddress || null,
		registeredAt: booking.createdAt,
		people: people.map(({ name, email, locale, status, sessionId }) => ({
			name,
			email,
			language: t.languageName[locale],
			status: t.statusWord[status],
			otherDate: (status === "elsewhere" && starts.get(sessionId)) || null,
		})),
		announcements: await findConsents(context.db, contactEmail, locale),
	};
	return { locale, zone: details.session.zone, data };
}

/**
 * What is kept of the person whose link this is, about this place, in the language of the address: to be read by people and
 * by software (P-39.1, s. 27). What organizers note for themselves is not in it. Throws a 404 as `findOwnPlace`.
 */
export async function findOwnData({ db, ...context }: AppContext, request: Request, token = "") {
	const locale = localeOfPath(new URL(request.url).pathname);
	const { registration, details } = await findOwnPlace({ db, ...context }, token);
	const { id, email, contactName, contactEmail } = registration;
	const { session, workshop, meetings } = details;
	const t = dictionary(locale);
	const isContact = isContactOf(registration);
	const [firm, billing, questions, attendance, attestations, history, emails, announcements] =
		await Promise.all([
			findFirm(db),
			isContact ? findBilling(db, registration.bookingId) : null,
			listOwnAnswers(db, id, workshop.id),
			listAttendance(db, id),
			listAttestations(db, id),
			listHistory(db, id),
			listEmailsTo(db, id),
			findConsents(db, email, locale),
		]);
	const events: Record<string, string> = t.manage.history;
	const data = {
		...describe(details, locale),
		registration: {
			reference: showReference(registration.reference),
			name: registration.name,
			email,
			language: t.languageName[registration.locale],
			organization: registration.organization || null,
			phone: registration.phone || null,
			status: t.statusWord[shownStatus(registration)],
			...costOf(registration, firm, locale),
			registeredAt: registration.createdAt,
			cancelledAt: registration.cancelledAt,
		},
		contact: isContact ? { name: contactName, email: contactEmail } : null,
		poNumber: billing?.poNumber || null,
		billingAddress: billing?.billingAddress || null,
		answers: questions.flatMap((question) => {
			if (question.value === null) return [];
			const answer = answerText(question, question.value, locale);
			return { question: labelIn(question, locale).text, answer };
		}),
		attendance: attendance.map(({ meetingId, status, minutes }) => ({
			meetingAt: meetings.find((meeting) => meeting.id === meetingId)?.startsAt ?? null,
			seen: t.organizer.attendance.choices[status],
			minutes,
		})),
		attestations: attestations.map((attestation) => ({
			serial: showSerial(attestation.serial),
			name: attestation.name,
			organization: attestation.organization || null,
			workshop: attestation.title,
			object: attestation.object || null,
			place: attestation.place,
			meetings: attestation.meetings.map(({ startsAt, endsAt, minutes }) => ({
				startsAt: new Date(startsAt),
				endsAt: new Date(endsAt),
				minutes,
			})),
			minutes: minutesOf(attestation),
			issuedAt: attestation.issuedAt,
			endedAt: attestation.endedAt,
		})),
		history: history.flatMap(({ at, action }) => (action in events ? { at, what: events[action]! } : [])),
		emails: emails.map(({ subject, createdAt, sentAt }) => ({ subject, writtenAt: createdAt, sentAt })),
		announcements,
	};
	return { locale, zone: session.zone, data };
}
