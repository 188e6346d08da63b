import { afterAll, expect, test } from "vitest";
import { saveWorkshop, type WorkshopInput } from "#app/use-cases/save-workshop.server.ts";
import { newId } from "#db/id.ts";
import { listQuestions } from "#db/queries/questions.server.ts";
import { findPublishedWorkshop, findWorkshop } from "#db/queries/workshops.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import { aWorkshop, givenOrganizer, givenQuestion, minutesLater, now, warmUp } from "#tests/fixtures.ts";

const { db, drop } = await createTestDatabase();
afterAll(drop);

const organizer = await givenOrganizer(db);

function save(input: WorkshopInput, existing: { id: string; revision: number } | null = null, at = now) {
	return saveWorkshop(db, input, existing, organizer.id, at);
}

async function saved(input: WorkshopInput): Promise<string> {
	const result = await save(input);
	if (!result.ok) throw new Error(result.reason);
	return result.id;
}

test("a new workshop is found by its address in each language", async () => {
	const id = await saved(aWorkshop({ slugFr: "premiere-journee", slugEn: "first-day" }));
	expect(await findPublishedWorkshop(db, "fr", "premiere-journee")).toMatchObject({ id, publishedAt: now });
	expect(await findPublishedWorkshop(db, "en", "first-day")).toMatchObject({ id });
	expect(await findPublishedWorkshop(db, "en", "premiere-journee")).toBeUndefined();
});

test("a draft and an archived workshop have no public page", async () => {
	const draft = aWorkshop({ published: false });
	await saved(draft);
	expect(await findPublishedWorkshop(db, "fr", draft.slugFr)).toBeUndefined();
	const archived = aWorkshop();
	const id = await saved(archived);
	await db.updateTable("workshop").set({ archivedAt: now }).where("id", "=", id).execute();
	expect(await findPublishedWorkshop(db, "fr", archived.slugFr)).toBeUndefined();
});

test("a change made from an old page is a conflict and writes nothing", async () => {
	const input = aWorkshop();
	const id = await saved(input);
	expect(await save({ ...input, titleFr: "Deux" }, { id, revision: 1 })).toEqual({ ok: true, id });
	expect(await save({ ...input, titleFr: "Trois" }, { id, revision: 1 })).toEqual({
		ok: false,
		reason: "conflict",
	});
	expect(await findWorkshop(db, id)).toMatchObject({ titleFr: "Deux", revision: 2 });
});

test("two organizers who save at once: one of them is told", async () => {
	const input = aWorkshop();
	const id = await saved(input);
	await warmUp(db);
	const results = await Promise.all(
		["Deux", "Trois"].map((titleFr) => save({ ...input, titleFr }, { id, revision: 1 })),
	);
	expect(results.map(({ ok }) => ok).toSorted()).toEqual([false, true]);
});

test("a workshop that nobody knows cannot be changed", async () => {
	expect(await save(aWorkshop(), { id: newId(), revision: 1 })).toEqual({ ok: false, reason: "unknown" });
});

test("an address that leads to another workshop is refused, in either language", async () => {
	const taken = aWorkshop();
	await saved(taken);
	expect(await save(aWorkshop({ slugFr: taken.slugFr }))).toEqual({ ok: false, reason: "slug-fr-taken" });
	expect(await save(aWorkshop({ slugEn: taken.slugEn }))).toEqual({ ok: false, reason: "slug-en-taken" });
	const input = aWorkshop();
	const id = await saved(input);
	expect(await save({ ...input, slugFr: taken.slugFr }, { id, revision: 1 })).toEqual({
		ok: false,
		reason: "slug-fr-taken",
	});
});

test("two workshops that take one address at once: the second is told that it is taken", async () => {
	const slugFr = "une-seule-place";
	await warmUp(db);
	const results = await Promise.all(Array.from({ length: 4 }, () => save(aWorkshop({ slugFr }))));
	expect(results.filter(({ ok }) => ok)).toHaveLength(1);
	expect(results.filter(({ ok }) => !ok)).toEqual(Array(3).fill({ ok: false, reason: "slug-fr-taken" }));
});

test("an address that was changed still leads to the workshop, whose new address it tells", async () => {
	const input = aWorkshop({ slugFr: "ancienne-adresse" });
	const id = await saved(input);
	await save({ ...input, slugFr: "nouvelle-adresse" }, { id, revision: 1 });
	expect(await findPublishedWorkshop(db, "fr", "ancienne-adresse")).toMatchObject({
		id,
		slugFr: "nouvelle-adresse",
	});
	expect(await findPublishedWorkshop(db, "fr", "nouvelle-adresse")).toMatchObject({ id });
	expect(await save(aWorkshop({ slugFr: "ancienne-adresse" }))).toEqual({
		ok: false,
		reason: "slug-fr-taken",
	});
	expect(await save({ ...input, slugFr: "ancienne-adresse" }, { id, revision: 2 })).toEqual({ ok: true, id });
});

test("the date of publication is that of the first time", async () => {
	const input = aWorkshop({ published: false });
	const id = await saved(input);
	await save({ ...input, published: true }, { id, revision: 1 }, minutesLater(1));
	await save({ ...input, published: true }, { id, revision: 2 }, minutesLater(2));
	expect(await findWorkshop(db, id)).toMatchObject({ publishedAt: minutesLater(1) });
});

test("each save is in the audit, with who made it", async () => {
	const input = aWorkshop();
	const id = await saved(input);
	await save(input, { id, revision: 1 });
	await save(input, { id, revision: 1 });
	const audit = await db
		.selectFrom("audit")
		.select(["actor", "organizerId", "action"])
		.where("workshopId", "=", id)
		.orderBy("id")
		.execute();
	const by = { actor: "organizer", organizerId: organizer.id };
	expect(audit).toEqual([
		{ ...by, action: "workshop.created" },
		{ ...by, action: "workshop.changed" },
	]);
});

test("a workshop made like another one asks the same questions, and answers stay where they are", async () => {
	const model = await saved(aWorkshop());
	await givenQuestion(db, model, { kind: "choice", labelFr: "Quel dîner?", required: true });
	await givenQuestion(db, model, { labelFr: "Quel métier?" });
	const copy = await saveWorkshop(db, aWorkshop(), { like: model }, organizer.id, now);
	if (!copy.ok) throw new Error(copy.reason);
	const withoutIds = async (id: string) =>
		(await listQuestions(db, id)).map(({ id: _, ...question }) => question);
	expect(await withoutIds(copy.id)).toEqual(await withoutIds(model));
	expect(await withoutIds(copy.id)).toHaveLength(2);
	expect(await findWorkshop(db, copy.id)).toMatchObject({ revision: 1 });
});
