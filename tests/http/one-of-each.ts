import { planDeed } from "#app/use-cases/chosen-deeds.server.ts";
import { changeWebhook } from "#app/use-cases/save-webhook.server.ts";
import { saveDraft } from "#app/use-cases/write-campaign.server.ts";
import type { Db } from "#db/client.server.ts";
import { newId } from "#db/id.ts";
import {
	aMeeting,
	givenAttestation,
	givenIncident,
	givenOrganizer,
	givenQuestion,
	givenRegistration,
	givenSession,
	givenWebhook,
} from "#tests/fixtures.ts";

const dayMs = 24 * 3600_000;

/** What the parts of an address stand for, by the names that remix.config.js gives them. */
export type Named = Record<string, string>;

/** What these pages are asked beside their address. */
export const queries: Record<string, string> = {
	"organizer/sessions/:sessionId/chosen": "?quoi=annuler&personne=:registrationId",
	"organizer/sessions/:sessionId/attendance": "?personne=:registrationId",
};

/** A date of a workshop of its own, in a month, and one of each thing that an organizer's address can name. */
export async function givenOneOfEach(db: Db): Promise<Named> {
	const now = new Date();
	const inAMonth = new Date(now.getTime() + 30 * dayMs).toISOString().slice(0, 10);
	const sessionId = await givenSession(db, { meetings: [aMeeting(inAMonth)] });
	const { workshopId } = await db
		.selectFrom("session")
		.select("workshopId")
		.where("id", "=", sessionId)
		.executeTakeFirstOrThrow();
	const { id: registrationId } = await givenRegistration(db, sessionId);
	const email = await db
		.selectFrom("email")
		.select("id")
		.where("registrationId", "=", registrationId)
		.executeTakeFirstOrThrow();
	const { id: organizerId } = await givenOrganizer(db);
	const serial = await givenAttestation(db, registrationId);
	return {
		sessionId,
		serial,
		workshopId,
		registrationId,
		organizerId,
		deedId: await givenDeed(db, sessionId, registrationId, organizerId),
		emailId: email.id,
		questionId: await givenQuestion(db, workshopId),
		campaignId: await givenDraft(db, sessionId, organizerId),
		incidentId: await givenIncident(db, organizerId),
		webhookId: await givenQuietWebhook(db, organizerId),
		kind: "confirmation",
		locale: "fr",
		file: "liste.csv",
		token: "x",
	};
}

/** A webhook in a pause, so that only what the tests send changes something. Returns its id. */
async function givenQuietWebhook(db: Db, organizerId: string): Promise<string> {
	const id = await givenWebhook(db, organizerId);
	await changeWebhook(db, id, { what: "pause" }, organizerId, new Date());
	return id;
}

/** Somebody's place that is to be cancelled, but not before the tests are over: only what they send may stop it. Returns its id. */
export async function givenDeed(
	db: Db,
	sessionId: string,
	registrationId: string,
	organizerId: string,
): Promise<string> {
	const id = newId();
	const deed = { id, kind: "cancel", sessionId, toSessionId: null } as const;
	const tomorrow = new Date(Date.now() + dayMs);
	await planDeed(db, { ...deed, registrationIds: [registrationId], organizerId }, tomorrow);
	return id;
}

/** A message to the people of a date, not sent yet. Returns its id. */
export async function givenDraft(db: Db, sessionId: string, organizerId: string): Promise<string> {
	const subjects = { audience: "confirmed" as const, subjectFr: "La salle", subjectEn: "The room" };
	const draft = { ...subjects, bodyFr: "Bonjour {{name}}", bodyEn: "Hello {{name}}" };
	return (await saveDraft(db, sessionId, null, draft, organizerId, new Date()))!;
}

/** A route's path as an address, about what is named. Throws when nobody has said what a part of it stands for. */
export function addressOf(path: string, named: Named): string {
	const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => {
		if (!named[name]) throw new Error(`No test knows what :${name} is in ${path}.`);
		return named[name];
	});
	return `/${filled}`;
}
