/** What an organizer does to several people of a session at once. */
export type DeedKind = "cancel" | "move" | "resend" | "attest";

/** Where it stands: it can be stopped until its time, then it is done. */
export type DeedPhase = "undoable" | "under-way" | "done" | "stopped";

export function deedPhase(
	deed: { state: "waiting" | "done" | "stopped"; dueAt: Date },
	now: Date,
): DeedPhase {
	if (deed.state !== "waiting") return deed.state;
	return now < deed.dueAt ? "undoable" : "under-way";
}
