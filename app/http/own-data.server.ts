import { labelIn } from "#app/domain/question.ts";
import { showReference } from "#app/domain/reference.ts";
import { shownStatus } from "#app/domain/registration.ts";
import { textIn } from "#app/domain/workshop.ts";
import { answerText } from "#app/i18n/answer.ts";
import { formatMoney } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { localeOfPath } from "#app/paths.ts";
import { listAttendance } from "#db/queries/attendance.server.ts";
import { listHistory } from "#db/queries/audit.server.ts";
import { listEmailsTo } from "#db/queries/emails.server.ts";
import { listConsents } from "#db/queries/interest.server.ts";
import { listOwnAnswers } from "#db/queries/questions.server.ts";
import type { AppContext } from "./context.server.ts";
import { findOwnPlace } from "./own-pages.server.ts";

/**
 * What is kept of the person whose link this is, about this place, in the language of the address: to be read by people and
 * by software (P-39.1, s. 27). What organizers note for themselves is not in it. Throws a 404 as `findOwnPlace`.
 */
export async function findOwnData({ db, ...context }: AppContext, request: Request, token = "") {
	const locale = localeOfPath(new URL(request.url).pathname);
	const { registration, details } = await findOwnPlace({ db, ...context }, token);
	const { id, email, contactName, contactEmail, priceCents } = registration;
	const { session, workshop, meetings } = details;
	const t = dictionary(locale);
	const [questions, attendance, history, emails, consents] = await Promise.all([
		listOwnAnswers(db, id, workshop.id),
		listAttendance(db, id),
		listHistory(db, id),
		listEmailsTo(db, id),
		email ? listConsents(db, email) : [],
	]);
	const isContact = !email || email.toLowerCase() === contactEmail.toLowerCase();
	const words: { sources: Record<string, string> } = t.ownData;
	const events: Record<string, string> = t.manage.history;
	const data = {
		workshop: textIn(workshop, "title", locale).text,
		meetings: meetings.map(({ startsAt, endsAt }) => ({ startsAt, endsAt })),
		place: session.online ? t.online : [session.place, session.address].filter(Boolean).join(", "),
		registration: {
			reference: showReference(registration.reference),
			name: registration.name,
			email,
			language: t.organizer.attendee.languages[registration.locale],
			organization: registration.organization || null,
			phone: registration.phone || null,
			status: t.statusWord[shownStatus(registration)],
			price: priceCents > 0 ? t.price(formatMoney(priceCents, locale)) : null,
			registeredAt: registration.createdAt,
			cancelledAt: registration.cancelledAt,
		},
		contact: isContact ? { name: contactName, email: contactEmail } : null,
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
		history: history.flatMap(({ at, action }) => (action in events ? { at, what: events[action]! } : [])),
		emails: emails.map(({ subject, createdAt, sentAt }) => ({ subject, writtenAt: createdAt, sentAt })),
		announcements: consents.map(({ wording, source, createdAt, endedAt }) => ({
			agreedTo: wording,
			agreedWhere: words.sources[source] ?? source,
			agreedAt: createdAt,
			stoppedAt: endedAt,
		})),
	};
	return { locale, zone: session.zone, data };
}
