/** What the people were told, in the order of their attempts. Times are milliseconds on one clock. */
export type Told = {
	key: string;
	email: string;
	startedAt: number;
	endedAt: number;
	/** `unknown`: no answer ever came. */
	answer: "booked" | "full" | "unknown";
	/** The page of each positive answer: a retry must be sent to the same one. */
	places: string[];
	bookingId: string | null;
	/** Whether they gave their seat up afterwards, as far as they know. */
	cancelled: "no" | "yes" | "unknown";
};

/** One look at the session while all this happened. */
export type Look = { at: number; capacity: number; counted: number; taken: number; waiting: number };

/** The history of a run and what the database holds in the end. */
export type Facts = {
	told: Told[];
	looks: Look[];
	session: { capacity: number; seatsTaken: number; seatsWaiting: number };
	bookings: { id: string; key: string }[];
	registrations: { id: string; bookingId: string; email: string | null; status: string }[];
	entries: { seq: number; state: string; size: number }[];
	emails: { registrationId: string | null; kind: string; messageId: string; status: string }[];
	/** Every message whose last byte reached the mail server. */
	received: { messageId: string; text: string }[];
	audit: { registrationId: string | null; action: string }[];
};

/** A look may come a little before or after what it shows. */
const slackMs = 400;

/**
 * Everything promised (QUALITY.md §1) against what happened. Each line is a broken promise; none is what everybody hopes
 * for. The answers that nobody got may have been yes or no, but not both.
 */
export function brokenPromises(facts: Facts): string[] {
	const { told, looks, session, bookings, registrations, entries, emails, received, audit } = facts;
	const broken: string[] = [];
	const active = registrations.filter(({ status }) => status !== "cancelled" && status !== "repeated");
	const holding = active.filter(({ status }) => status !== "waitlisted");

	// 1. Never a seat too many, at any moment that somebody looked.
	for (const look of looks)
		if (look.taken > look.capacity) broken.push(`oversold: ${look.taken} of ${look.capacity} at ${look.at}`);
	if (holding.length > session.capacity)
		broken.push(`oversold: ${holding.length} of ${session.capacity} in the end`);

	for (const one of told) {
		const own = bookings.filter(({ key }) => key === one.key);
		const places = active.filter(({ email }) => email === one.email);
		// 2. What they were told is booked is there.
		if (one.answer === "booked" && own[0]?.id !== one.bookingId)
			broken.push(`lost: ${one.email} was told of a booking that is not there`);
		if (one.answer === "booked" && one.cancelled === "no" && places.length === 0)
			broken.push(`lost: ${one.email} has no place`);
		if (one.cancelled === "yes" && places.length > 0) broken.push(`kept: ${one.email} had given it up`);
		// 3. One form, one booking, one person, one place; a retry hears the same.
		if (own.length > 1) broken.push(`twice: the form of ${one.email} made ${own.length} bookings`);
		if (places.length > 1) broken.push(`twice: ${one.email} has ${places.length} places`);
		if (new Set(one.places).size > 1) broken.push(`twice: ${one.email} was sent to two pages`);
		if (one.answer === "full" && own.length > 0)
			broken.push(`untrue: ${one.email} was refused and has a booking`);
		// 4. « Complet » was true at some moment of the wait.
		const during = looks.filter(({ at }) => at >= one.startedAt - slackMs && at <= one.endedAt + slackMs);
		if (one.answer === "full" && during.length > 0 && !during.some(isFull))
			broken.push(`untrue: ${one.email} was told that it was full`);
	}

	// 5. One email for each thing that happened, under one Message-ID, and only for what happened.
	for (const { id, email } of registrations) {
		const first = emails.filter(
			(mail) => mail.registrationId === id && ["confirmation", "waitlisted"].includes(mail.kind),
		);
		if (first.length !== 1) broken.push(`emails: ${first.length} confirmations for ${email}`);
	}
	const copies = new Map<string, Set<string>>();
	for (const { messageId, text } of received)
		copies.set(messageId, (copies.get(messageId) ?? new Set()).add(text));
	const known = new Map(emails.map((mail) => [mail.messageId, mail]));
	for (const [messageId, texts] of copies) {
		if (!known.has(messageId)) broken.push(`emails: ${messageId} left for nothing that is stored`);
		if (texts.size > 1) broken.push(`emails: copies of ${messageId} differ`);
	}
	for (const { messageId, status } of emails) {
		if (["queued", "sending"].includes(status)) broken.push(`emails: ${messageId} still ${status}`);
		if (status === "sent" && !copies.has(messageId))
			broken.push(`emails: ${messageId} is marked sent and never left`);
	}

	// 6. First come, first seated: everyone here asks for one seat.
	const seated = entries.filter(({ state }) => state === "confirmed").map(({ seq }) => seq);
	const inLine = entries.filter(({ state }) => state === "waiting").map(({ seq }) => seq);
	if (Math.max(0, ...seated) > Math.min(Number.POSITIVE_INFINITY, ...inLine))
		broken.push(`unfair: ${Math.max(...seated)} was seated while ${Math.min(...inLine)} waits`);

	// 7. The counters are a recount, and no seat is free while somebody waits.
	if (session.seatsTaken !== holding.length)
		broken.push(`counted: ${session.seatsTaken} taken, there are ${holding.length}`);
	if (session.seatsWaiting !== active.length - holding.length)
		broken.push(`counted: ${session.seatsWaiting} waiting, there are ${active.length - holding.length}`);
	if (holding.length < session.capacity && inLine.length > 0)
		broken.push(`leaked: ${session.capacity - holding.length} free while ${inLine.length} wait`);

	// 9. One line of the audit for each change.
	for (const { id, email, status } of registrations) {
		const lines = audit.filter(({ registrationId }) => registrationId === id).map(({ action }) => action);
		const made = lines.filter((action) => /^registration\.(confirmed|waitlisted)$/.test(action)).length;
		const ended = lines.filter((action) => action === "registration.cancelled").length;
		if (made !== 1) broken.push(`audit: ${made} lines say that ${email} signed up`);
		if (ended !== (status === "cancelled" ? 1 : 0))
			broken.push(`audit: ${ended} lines say that ${email} left`);
	}
	return broken;
}

/** No room for a newcomer: those who wait come first. */
function isFull({ taken, waiting, capacity }: Look): boolean {
	return taken + waiting >= capacity;
}
