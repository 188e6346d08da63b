import { afterAll, expect, test } from "vitest";
import type { Answer } from "#app/domain/question.ts";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { registerTogether } from "#app/use-cases/register.server.ts";
import { saveAnswers } from "#app/use-cases/save-answers.server.ts";
import { archiveQuestion, moveQuestion, saveQuestion } from "#app/use-cases/save-question.server.ts";
import { scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { newId } from "#db/id.ts";
import { streamAttendees } from "#db/queries/attendees.server.ts";
import {
	findAnswers,
	findQuestion,
	listExportedQuestions,
	listOwnAnswers,
	listQuestions,
	listQuestionsForOrganizer,
	listSignUpQuestions,
} from "#db/queries/questions.server.ts";
import { findWorkshop } from "#db/queries/workshops.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	aMeeting,
	aQuestion,
	aSession,
	aSignUp,
	givenOrganizer,
	givenQuestion,
	givenRegistration,
	givenRegistrations,
	givenWorkshop,
	now,
	origin,
	warmUp,
	writtenAbout,
} from "#tests/fixtures.ts";

const { db, drop } = await createTestDatabase();
afterAll(drop);
const organizer = await givenOrganizer(db);

async function workshopWithDate(capacity = 10) {
	const workshopId = await givenWorkshop(db);
	const sessionId = await scheduleSession(db, workshopId, aSession({ capacity }), null, now);
	return { workshopId, sessionId };
}

async function answersOf(registrationId: string) {
	return Object.fromEntries((await findAnswers(db, [registrationId])).get(registrationId) ?? []);
}

async function askedLabels(workshopId: string) {
	return (await listQuestions(db, workshopId)).map(({ labelFr }) => labelFr);
}

const oddTexts = [
	"<script>alert(1)</script>",
	"مرحبا",
	"👩🏽‍🏫",
	`${"é".repeat(4000)}`,
	'"; drop table answer; --',
	"a\\u0000b",
];

test("answers are written with the registration, as they were given", async () => {
	const { workshopId, sessionId } = await workshopWithDate();
	const given = [true, 1234.5, "2026-12-01", ["oui", "peut-etre"], "oui", ...oddTexts];
	const answers: Answer[] = [];
	for (const value of given) answers.push({ questionId: await givenQuestion(db, workshopId), value });
	const registration = await givenRegistration(db, sessionId, { answers });
	expect(await answersOf(registration.id)).toEqual(
		Object.fromEntries(answers.map(({ questionId, value }) => [questionId, value])),
	);
});

test("people who sign up together each keep their own answers, and those without a seat keep none", async () => {
	const { workshopId, sessionId } = await workshopWithDate();
	const questionId = await givenQuestion(db, workshopId);
	const answers = (value: string) => [{ questionId, value }];
	await givenRegistration(db, sessionId, { email: "lan@exemple.ca", answers: answers("Lan") });
	const again = aSignUp(sessionId, { email: "LAN@exemple.ca", answers: answers("Pas Lan") });
	const others = ["A", "B", "C"].map((name) => aSignUp(sessionId, { name, answers: answers(name) }));
	const results = await registerTogether(db, origin, [others[0]!, again, others[1]!, others[2]!], now);
	expect(results.map(({ ok }) => ok)).toEqual([true, true, true, true]);
	const people = await db
		.selectFrom("registration")
		.innerJoin("answer", "answer.registrationId", "registration.id")
		.select(["registration.name", "answer.value"])
		.where("sessionId", "=", sessionId)
		.execute();
	expect(people.filter(({ name }) => name !== "Zoé Roy")).toHaveLength(3);
	for (const { name, value } of people) expect(value).toBe(name === "Zoé Roy" ? "Lan" : name);
});

test("a refused sign-up leaves no answer, and one that is sent again leaves one", async () => {
	const { workshopId, sessionId } = await workshopWithDate(1);
	const questionId = await givenQuestion(db, workshopId);
	const signUp = aSignUp(sessionId, { answers: [{ questionId, value: "Une fois" }] });
	const full = aSignUp(sessionId, { answers: [{ questionId, value: "Trop tard" }] });
	for (const each of [signUp, full, signUp]) await registerTogether(db, origin, [each], now);
	const rows = await db.selectFrom("answer").select("value").where("questionId", "=", questionId).execute();
	expect(rows).toEqual([{ value: "Une fois" }]);
});

test("a key that comes back with other answers writes nothing and is told so", async () => {
	const { workshopId, sessionId } = await workshopWithDate();
	const questionId = await givenQuestion(db, workshopId);
	const signUp = aSignUp(sessionId, { answers: [{ questionId, value: "Oui" }] });
	await registerTogether(db, origin, [signUp], now);
	const before = await writtenAbout(db, sessionId);
	const changed = { ...signUp, answers: [{ questionId, value: "Non" }] };
	expect(await registerTogether(db, origin, [changed], now)).toEqual([{ ok: false, reason: "key-reused" }]);
	expect(await writtenAbout(db, sessionId)).toEqual(before);
});

test("an answer to another workshop's question is not kept", async () => {
	const { sessionId } = await workshopWithDate();
	const foreign = await givenQuestion(db, await givenWorkshop(db));
	const answers = [{ questionId: foreign, value: "?" }];
	const registration = await givenRegistration(db, sessionId, { answers });
	await saveAnswers(db, registration.id, answers, now);
	expect(await answersOf(registration.id)).toEqual({});
});

test("saving again replaces what is given, takes back what is emptied, and leaves the rest", async () => {
	const { workshopId, sessionId } = await workshopWithDate();
	const [a, b, c] = [
		await givenQuestion(db, workshopId),
		await givenQuestion(db, workshopId),
		await givenQuestion(db, workshopId),
	];
	const answers = [a, b, c].map((questionId) => ({ questionId: questionId!, value: "avant" }));
	const registration = await givenRegistration(db, sessionId, { answers });
	const changes = [
		{ questionId: a!, value: "après" },
		{ questionId: b!, value: null },
	];
	expect(await saveAnswers(db, registration.id, changes, now)).toEqual({ ok: true });
	expect(await answersOf(registration.id)).toEqual({ [a!]: "après", [c!]: "avant" });
	const audit = await db
		.selectFrom("audit")
		.select(["actor", "data"])
		.where("registrationId", "=", registration.id)
		.where("action", "=", "registration.answered")
		.execute();
	expect(audit).toEqual([{ actor: "attendee", data: { questions: [a] } }]);
});

test("nobody answers once the place is given up or the session over", async () => {
	const { workshopId, sessionId } = await workshopWithDate();
	const answers = [{ questionId: await givenQuestion(db, workshopId), value: "?" }];
	const [gone, late] = await givenRegistrations(db, sessionId, [{}, {}]);
	await cancelRegistration(db, origin, gone!.id, { attendee: true }, now);
	const tooLate = { ok: false, reason: "too-late" };
	expect(await saveAnswers(db, gone!.id, answers, now)).toEqual(tooLate);
	const over = aMeeting("2026-12-01").endsAt;
	expect(await saveAnswers(db, late!.id, answers, over)).toEqual(tooLate);
	expect(await saveAnswers(db, newId(), answers, now)).toEqual({ ok: false, reason: "unknown" });
	expect(await findAnswers(db, [gone!.id, late!.id])).toEqual(new Map());
});

test("a kind can change until somebody has answered, and the words always", async () => {
	const { workshopId, sessionId } = await workshopWithDate();
	const id = await givenQuestion(db, workshopId);
	const change = (changes: Parameters<typeof aQuestion>[0]) =>
		saveQuestion(db, workshopId, aQuestion(changes), id, organizer.id, now);
	expect(await change({ kind: "number" })).toEqual({ ok: true, id });
	await givenRegistration(db, sessionId, { answers: [{ questionId: id, value: 12 }] });
	expect(await change({ kind: "date" })).toEqual({ ok: false, reason: "kind-frozen" });
	expect(await change({ kind: "number", labelFr: "Combien?" })).toEqual({ ok: true, id });
	expect(await findQuestion(db, id)).toMatchObject({ kind: "number", labelFr: "Combien?" });
});

test("a kind does not change under an answer that is being written", async () => {
	const { workshopId, sessionId } = await workshopWithDate();
	const id = await givenQuestion(db, workshopId);
	const registration = await givenRegistration(db, sessionId);
	await warmUp(db);
	let change: ReturnType<typeof saveQuestion> | undefined;
	await db.transaction().execute(async (trx) => {
		await trx
			.insertInto("answer")
			.values({ registrationId: registration.id, questionId: id, value: '"oui"', updatedAt: now })
			.execute();
		change = saveQuestion(db, workshopId, aQuestion({ kind: "number" }), id, organizer.id, now);
		// Without the lock it would be done by then.
		const early = await Promise.race([change, new Promise((resolve) => setTimeout(resolve, 300, "waits"))]);
		expect(early).toBe("waits");
	});
	expect(await change).toEqual({ ok: false, reason: "kind-frozen" });
});

test("an option that was chosen keeps its value, and is retired rather than lost", async () => {
	const { workshopId, sessionId } = await workshopWithDate();
	const id = await givenQuestion(db, workshopId, { kind: "choice" });
	await givenRegistration(db, sessionId, { answers: [{ questionId: id, value: "oui" }] });
	const existing = new Map([
		["oui", { fr: "", en: "" }],
		["non", { fr: "Pas du tout", en: "Not at all" }],
	]);
	const input = aQuestion({ kind: "choice", options: { existing, addedFr: "Oui", addedEn: "Yes" } });
	expect(await saveQuestion(db, workshopId, input, id, organizer.id, now)).toEqual({ ok: true, id });
	expect((await findQuestion(db, id))!.options).toEqual([
		{ value: "oui", fr: "Oui", en: "Yes", retired: true },
		{ value: "non", fr: "Pas du tout", en: "Not at all" },
		{ value: "peut-etre", fr: "Peut-être", en: "Maybe" },
		{ value: "oui-2", fr: "Oui", en: "Yes" },
	]);
});

test("an archived question is asked of nobody, and its answers are still exported and its person's own", async () => {
	const { workshopId, sessionId } = await workshopWithDate();
	const [answered, unanswered] = [await givenQuestion(db, workshopId), await givenQuestion(db, workshopId)];
	const registration = await givenRegistration(db, sessionId, {
		answers: [{ questionId: answered, value: "Soudeuse" }],
	});
	for (const id of [answered, unanswered]) {
		expect(await archiveQuestion(db, workshopId, id, true, organizer.id, now)).toBe(true);
	}
	const { slugFr } = (await findWorkshop(db, workshopId))!;
	expect(await listQuestions(db, workshopId)).toEqual([]);
	expect(await listSignUpQuestions(db, "fr", slugFr)).toEqual([]);
	expect((await listExportedQuestions(db, workshopId)).map(({ id }) => id)).toEqual([answered]);
	expect(await listOwnAnswers(db, registration.id, workshopId)).toMatchObject([
		{ id: answered, value: "Soudeuse", archivedAt: now },
	]);
	await archiveQuestion(db, workshopId, unanswered, false, organizer.id, now);
	expect(await listSignUpQuestions(db, "fr", slugFr)).toMatchObject([{ id: unanswered }]);
});

test("the questions of sign-up and those of after are told apart, in the order they were given", async () => {
	const workshopId = await givenWorkshop(db);
	const ids: string[] = [];
	for (const [labelFr, askedAt] of [
		["Un", "registration"],
		["Deux", "after"],
		["Trois", "registration"],
	] as const) {
		ids.push(await givenQuestion(db, workshopId, { labelFr, askedAt }));
	}
	const { slugEn } = (await findWorkshop(db, workshopId))!;
	expect((await listSignUpQuestions(db, "en", slugEn)).map(({ labelFr }) => labelFr)).toEqual([
		"Un",
		"Trois",
	]);
	expect((await listQuestions(db, workshopId, "after")).map(({ labelFr }) => labelFr)).toEqual(["Deux"]);

	const move = (id: string, direction: "up" | "down") =>
		moveQuestion(db, workshopId, id, direction, organizer.id, now);
	expect(await move(ids[2]!, "up")).toBe(true);
	expect(await askedLabels(workshopId)).toEqual(["Un", "Trois", "Deux"]);
	expect(await move(ids[0]!, "up")).toBe(true);
	expect(await move(ids[1]!, "down")).toBe(true);
	expect(await askedLabels(workshopId)).toEqual(["Un", "Trois", "Deux"]);
	await archiveQuestion(db, workshopId, ids[2]!, true, organizer.id, now);
	await move(ids[1]!, "up");
	expect(await askedLabels(workshopId)).toEqual(["Deux", "Un"]);
	const listed = await listQuestionsForOrganizer(db, workshopId);
	expect(listed.map(({ labelFr, answers }) => [labelFr, answers])).toEqual([
		["Deux", 0],
		["Un", 0],
		["Trois", 0],
	]);
});

test("two organizers who move at once leave every question in a place of its own", async () => {
	const workshopId = await givenWorkshop(db);
	const ids: string[] = [];
	for (let n = 0; n < 4; n++) ids.push(await givenQuestion(db, workshopId, { labelFr: String(n) }));
	await warmUp(db);
	await Promise.all(
		ids.flatMap((id) => [
			moveQuestion(db, workshopId, id, "down", organizer.id, now),
			moveQuestion(db, workshopId, id, "up", organizer.id, now),
		]),
	);
	const rows = await db
		.selectFrom("question")
		.select("position")
		.where("workshopId", "=", workshopId)
		.execute();
	expect(rows.map(({ position }) => position).sort()).toEqual([1, 2, 3, 4]);
});

test("a question belongs to its workshop, and each change of it is in the audit", async () => {
	const workshopId = await givenWorkshop(db);
	const other = await givenWorkshop(db);
	const id = await givenQuestion(db, workshopId);
	const unknown = { ok: false, reason: "unknown" };
	expect(await saveQuestion(db, other, aQuestion(), id, organizer.id, now)).toEqual(unknown);
	expect(await saveQuestion(db, workshopId, aQuestion(), newId(), organizer.id, now)).toEqual(unknown);
	expect(await archiveQuestion(db, other, id, true, organizer.id, now)).toBe(false);
	expect(await moveQuestion(db, other, id, "up", organizer.id, now)).toBe(false);
	await givenQuestion(db, workshopId);
	await saveQuestion(db, workshopId, aQuestion(), id, organizer.id, now);
	await moveQuestion(db, workshopId, id, "down", organizer.id, now);
	await archiveQuestion(db, workshopId, id, true, organizer.id, now);
	await archiveQuestion(db, workshopId, id, false, organizer.id, now);
	const audit = await db
		.selectFrom("audit")
		.select(["action", "organizerId"])
		.where("workshopId", "=", workshopId)
		.where("action", "like", "question.%")
		.orderBy("id")
		.execute();
	expect(audit.map(({ action }) => action)).toEqual([
		"question.created",
		"question.created",
		"question.changed",
		"question.moved",
		"question.archived",
		"question.restored",
	]);
	expect(new Set(audit.slice(2).map(({ organizerId }) => organizerId))).toEqual(new Set([organizer.id]));
});

test("an export brings each person's answers with them, across its batches", async () => {
	const { workshopId, sessionId } = await workshopWithDate(3000);
	const questionId = await givenQuestion(db, workshopId);
	await givenRegistrations(
		db,
		sessionId,
		Array.from({ length: 1020 }, (_, n) => ({
			name: `Personne ${n}`,
			answers: n % 3 === 0 ? [] : [{ questionId, value: `Personne ${n}` }],
		})),
	);
	let answered = 0;
	for await (const batch of streamAttendees(
		db,
		{ sessionId, tab: "all", search: "" },
		{ answers: true, attended: false, invoices: null },
	)) {
		for (const { answers, name } of batch) {
			const answer = answers.get(questionId);
			if (answer === undefined) continue;
			expect(answer).toBe(name);
			answered += 1;
		}
	}
	expect(answered).toBe(680);
});
