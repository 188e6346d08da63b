import { showSerial } from "#app/domain/attestation.ts";
import type { Locale } from "#app/domain/locale.ts";
import { hashToken, type Purpose, randomToken, signToken } from "#app/domain/token.server.ts";
import { fillWithDemo } from "#app/jobs/demo.server.ts";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { registerTogether } from "#app/use-cases/register.server.ts";
import { archiveQuestion } from "#app/use-cases/save-question.server.ts";
import { scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { sendSignInCode } from "#app/use-cases/sign-in.server.ts";
import type { Db } from "#db/client.server.ts";
import { suppressAddress } from "#db/queries/suppressions.server.ts";
import { pauseByItself } from "#db/queries/webhooks.server.ts";
import { type RunningApp, startApp } from "#tests/app-process.ts";
import type { TestDatabase } from "#tests/database.ts";
import {
	aGroup,
	aMeeting,
	aSession,
	givenApiToken,
	givenAttestation,
	givenIncident,
	givenOrganizer,
	givenOrganizerCookie,
	givenPasskey,
	givenQuestion,
	givenRegistration,
	givenRegistrations,
	givenSession,
	givenWebhook,
	origin,
} from "#tests/fixtures.ts";
import { routes } from "#tests/routes.ts";
import { givenDeed, givenDraft, queries } from "./one-of-each.ts";

export type FilledSite = {
	app: RunningApp;
	db: Db;
	/** Every address of remix.config.js with something real behind it: several where a page has several faces. */
	addresses: { route: string; address: string }[];
	/** The Cookie header of an owner who reads in this language, signed in whatever happened since. */
	ownerCookie(locale: Locale): Promise<string>;
	/** What other software reads by. */
	apiToken: string;
	close(): Promise<void>;
};

export const siteSecret = "a-secret-that-only-a-filled-site-may-know";

/** The built app on a database that holds the demo, and one of each thing that a page can be about. */
export async function startFilledSite(
	{ db, url, drop }: TestDatabase,
	environment: Record<string, string> = {},
): Promise<FilledSite> {
	const now = new Date();
	await fillWithDemo(db, origin, now);
	const known = await fill(db, now);
	const app = await startApp({ DATABASE_URL: url, COOKIE_SECRET: siteSecret, ...environment });
	const cookies = { fr: randomToken(), en: randomToken() };
	const owners = {
		fr: await givenOrganizer(db, { role: "owner" }),
		en: await givenOrganizer(db, { role: "owner", locale: "en" }),
	};
	// Another browser of theirs, to be signed out from this one.
	for (const { id } of Object.values(owners)) {
		await givenOrganizerCookie(db, id);
		await givenPasskey(db, id);
	}

	async function ownerCookie(locale: Locale): Promise<string> {
		const organizerId = owners[locale].id;
		await db
			.updateTable("organizer")
			.set({ revokedAt: null, role: "owner", locale })
			.where("id", "=", organizerId)
			.execute();
		const times = { createdAt: now, seenAt: now, expiresAt: new Date(now.getTime() + 24 * 3600_000) };
		await db
			.insertInto("organizerCookie")
			.values({ tokenHash: hashToken(cookies[locale]), organizerId, userAgent: "", ...times })
			.onConflict((conflict) => conflict.doNothing())
			.execute();
		return `organizer=${cookies[locale]}`;
	}

	return {
		app,
		db,
		addresses: addressesOf({ ...known, organizerId: [owners.en.id] }),
		ownerCookie,
		apiToken: await givenApiToken(db, owners.fr.id),
		async close() {
			await app.stop();
			await drop();
		},
	};
}

/**
 * A date that offers its seats, with somebody of each status, questions, a draft and something planned; a group, an address
 * that is not written to, and a link to sign in by.
 */
async function fill(db: Db, now: Date): Promise<Record<string, string[]>> {
	const inAMonth = new Date(now.getTime() + 30 * 24 * 3600_000).toISOString().slice(0, 10);
	const meetings: [ReturnType<typeof aMeeting>] = [aMeeting(inAMonth)];
	const sessionId = await givenSession(db, { capacity: 2, waitlistMode: "offer", meetings });
	const people = await givenRegistrations(db, sessionId, [{}, {}, {}, {}]);
	await cancelRegistration(db, origin, people[1]!.id, { attendee: true }, now);
	const groupSession = await givenSession(db, { capacity: 20, meetings });
	const [group] = await registerTogether(db, origin, [aGroup(groupSession, 3)], now);
	if (!group?.ok) throw new Error("The group was refused.");
	const workshops = await db
		.selectFrom("workshop")
		.innerJoin("session", "session.workshopId", "workshop.id")
		.select(["workshop.id", "slugFr", "slugEn"])
		.where("session.id", "=", sessionId)
		.executeTakeFirstOrThrow();
	const author = await givenOrganizer(db);
	const campaignId = await givenDraft(db, sessionId, author.id);
	// Another date to change to.
	await scheduleSession(db, workshops.id, aSession({ meetings }), null, now);
	const questionId = await givenQuestion(db, workshops.id);
	await givenQuestion(db, workshops.id, { askedAt: "after" });
	const archived = await givenQuestion(db, workshops.id);
	await archiveQuestion(db, workshops.id, archived, true, author.id, now);
	const email = await db.selectFrom("email").select("id").orderBy("id").executeTakeFirstOrThrow();
	const refused = { address: "perdue@exemple.ca", answer: "550 5.1.1 No such user", emailId: email.id };
	await suppressAddress(db, refused, now);
	const { bookingId } = people[0]!;
	const endedId = await givenSession(db, { meetings });
	const [attendee] = await givenRegistrations(db, endedId, [{}]);
	await givenAttestation(db, attendee!.id);
	const [startsAt, endsAt] = [25, 24].map((hours) => new Date(now.getTime() - hours * 3600_000));
	await db.updateTable("session").set({ startsAt, endsAt }).where("id", "=", endedId).execute();
	const serials = await Promise.all(people.slice(0, 2).map(({ id }) => givenAttestation(db, id)));
	await db.updateTable("attestation").set({ endedAt: now }).where("serial", "=", serials[1]!).execute();
	return {
		serial: serials.map(showSerial),
		sessionId: [sessionId],
		endedId: [endedId],
		workshopId: [workshops.id],
		registrationId: [people[0]!.id],
		questionId: [questionId],
		deedId: [await givenDeed(db, sessionId, people[0]!.id, author.id)],
		campaignId: [campaignId],
		incidentId: [
			await givenIncident(db, author.id),
			// Old enough to leave the register.
			await givenIncident(db, author.id, { learnedOn: "2019-03-03", risk: "serious" }),
		],
		webhookId: await givenWebhooks(db, author.id, sessionId, now),
		emailId: [email.id],
		slugFr: [workshops.slugFr],
		slugEn: [workshops.slugEn],
		manage: people.map(({ id, tokenVersion }) => signToken(siteSecret, "manage", id, tokenVersion)),
		booking: [bookingId, group.bookingId].map((id) => signToken(siteSecret, "booking", id)),
		group: [signToken(siteSecret, "group", group.bookingId)],
		preferences: [signToken(siteSecret, "preferences", email.id)],
		"sign-in": [await givenSignInLink(db, author.email, now)],
		status: ["404", "413"],
		kind: ["confirmation"],
		locale: ["fr", "en"],
		name: ["confirmation"],
	};
}

/** One that receives, one that does not, one that was stopped; each told of somebody. They lead nowhere. */
async function givenWebhooks(db: Db, organizerId: string, sessionId: string, now: Date): Promise<string[]> {
	const urls = ["https://crm.invalid/1", "https://n8n.invalid/2", "https://zapier.invalid/3"];
	const ids = await Promise.all(urls.map((url) => givenWebhook(db, organizerId, { url })));
	await givenRegistration(db, sessionId);
	const tomorrow = new Date(now.getTime() + 24 * 3600_000);
	const failed = { attempts: 2, dueAt: tomorrow, lastStatus: 500 };
	const received = { state: "delivered", attempts: 1, lastStatus: 200, endedAt: now } as const;
	const given = { state: "dead", attempts: 10, lastFailure: "timeout", endedAt: now } as const;
	for (const [i, changes] of [received, failed, given].entries())
		await db.updateTable("webhookDelivery").set(changes).where("webhookId", "=", ids[i]!).execute();
	await db.updateTable("webhook").set({ failingSince: now }).where("id", "=", ids[1]!).execute();
	await pauseByItself(db, { id: ids[2]!, url: urls[2]!, failingSince: null }, "gone", now);
	return ids;
}

/** The token of a link that lets somebody in, whenever the tests come to it. */
async function givenSignInLink(db: Db, email: string, now: Date): Promise<string> {
	const sent = await sendSignInCode(db, origin, email, now);
	const tomorrow = new Date(now.getTime() + 24 * 3600_000);
	await db.updateTable("signIn").set({ expiresAt: tomorrow }).execute();
	return new URL(sent!.url).pathname.split("/").at(-1)!;
}

/** What pages become when they are asked something beside their address. */
const faces = [
	"organizer/sessions/:sessionId?action=:deedId",
	"organizer/sessions/:sessionId/repeat?rhythm=7&first=2027-03-01&count=2",
];

const purposeOfToken: [path: RegExp, purpose: Purpose][] = [
	[/^(inscriptions|en\/bookings)/, "booking"],
	[/^(mon-groupe|en\/my-group)/, "group"],
	[/^(mes-courriels|en\/my-emails)/, "preferences"],
	[/^(ma-place|en\/my-seat)/, "manage"],
	[/^(mon-calendrier|en\/my-calendar)/, "calendar"],
	[/^calendriers/, "organizer-calendar"],
];

/** What the token in a route's path must have been made for. */
export function purposeOf(path: string): Purpose | undefined {
	return purposeOfToken.find(([pattern]) => pattern.test(path))?.[1];
}

/** Fills the parts of each address with what is known of this site. A part that nothing is known of stays a made-up id. */
function addressesOf(known: Record<string, string[]>): FilledSite["addresses"] {
	const asked = routes.map(({ path }) => path + (queries[path] ?? ""));
	return [...asked, ...faces].flatMap((path) => {
		if (path === "*") return [];
		let filled = [path];
		for (const [part, name = ""] of path.matchAll(/:(\w+)/g)) {
			const values = known[nameOf(path, name)] ?? ["01a20c4e-c370-711d-9369-2be1b1057a8f"];
			filled = filled.flatMap((one) => values.map((value) => one.replace(part, value)));
		}
		return filled.map((one) => ({ route: path.replace(/\?.*/, ""), address: `/${one}` }));
	});
}

function nameOf(path: string, name: string): string {
	if (name === "sessionId" && path.endsWith("/attestations")) return "endedId";
	if (name === "slug") return path.startsWith("en/") ? "slugEn" : "slugFr";
	if (name === "token") return path.startsWith("organizer/sign-in") ? "sign-in" : (purposeOf(path) ?? name);
	return name;
}
