import type { Locale } from "#app/domain/locale.ts";
import { localDateOf, localTimeOf } from "#app/domain/time.server.ts";
import type { FormValues } from "#app/forms/parse-form.ts";
import type { SessionDetails } from "#db/queries/sessions.server.ts";
import type { Firm } from "#db/schema.ts";

/** What the form of a new date shows at first: the firm's habits. */
export function newSessionValues(firm: Firm): FormValues {
	return {
		zone: firm.defaultZone,
		language: "fr",
		where: "place",
		place: firm.defaultPlace,
		address: firm.defaultAddress,
		capacity: firm.defaultCapacity === null ? "" : String(firm.defaultCapacity),
		start1: firm.defaultStart,
		end1: firm.defaultEnd,
		price: "0",
		reminderDays: "1",
		reminderUnit: "weekdays",
		reminderTime: "10:00",
		thanks: "yes",
		waitlistMode: "automatic",
	};
}

/** A stored session as its form shows it, on the wall clock of its zone. */
export function sessionValues({ session, meetings }: SessionDetails, locale: Locale): FormValues {
	const { zone } = session;
	const moment = (at: Date | null) => (at ? `${localDateOf(at, zone)}T${localTimeOf(at, zone)}` : "");
	const dollars = (session.priceCents / 100).toFixed(session.priceCents % 100 === 0 ? 0 : 2);
	const values: FormValues = {
		revision: String(session.revision),
		zone,
		language: session.language,
		where: session.online ? "online" : "place",
		place: session.place,
		address: session.address,
		joinUrl: session.joinUrl,
		capacity: String(session.capacity),
		minimum: session.minimum > 0 ? String(session.minimum) : "",
		breakMinutes: session.breakMinutes > 0 ? String(session.breakMinutes) : "",
		waitlistMode: session.waitlistMode,
		price: locale === "fr" ? dollars.replace(".", ",") : dollars,
		opensAt: moment(session.opensAt),
		closesAt: moment(session.closesAt),
		cancelUntil: moment(session.cancelUntil),
		giveUntil: moment(session.giveUntil),
		reminderDays: String(session.reminderDays ?? ""),
		reminderUnit: session.reminderWeekdays ? "weekdays" : "days",
		reminderTime: session.reminderTime.slice(0, 5),
		feedbackUrl: session.feedbackUrl,
	};
	for (const { position, localDate, localStart, localEnd } of meetings) {
		values[`date${position}`] = localDate;
		values[`start${position}`] = localStart.slice(0, 5);
		values[`end${position}`] = localEnd.slice(0, 5);
	}
	if (session.publishedAt) values.published = "yes";
	if (session.thanks) values.thanks = "yes";
	return values;
}

/** The form of a new date that is like another one: all but its days and the moments that follow from them. */
export function copiedSessionValues(model: SessionDetails, locale: Locale): FormValues {
	const perDate = /^(revision|published|opensAt|closesAt|cancelUntil|giveUntil|date\d+)$/;
	return Object.fromEntries(
		Object.entries(sessionValues(model, locale)).filter(([name]) => !perDate.test(name)),
	);
}
