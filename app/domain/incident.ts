/** Whether a confidentiality incident may do serious injury to the people concerned (RLRQ c. P-39.1, s. 3.7). */
export const incidentRisks = ["unknown", "none", "serious"] as const;
type IncidentRisk = (typeof incidentRisks)[number];

/** What the register says of an incident (RLRQ c., r. 3.1, s. 7), in the order in which it is told. */
export type IncidentDescription = {
	circumstances: string;
	/** A date or a period, as somebody says it. */
	occurred: string;
	/** Like the other date, one of the calendar: `2026-12-01`. */
	learnedOn: string;
	information: string;
	people: string;
	measures: string;
	risk: IncidentRisk;
	riskReasons: string;
	commissionToldOn: string | null;
	peopleTold: string;
	publicNotice: string;
};

export const incidentFields = [
	"circumstances",
	"occurred",
	"learnedOn",
	"information",
	"people",
	"measures",
	"risk",
	"riskReasons",
	"commissionToldOn",
	"peopleTold",
	"publicNotice",
] as const satisfies (keyof IncidentDescription)[];

type IncidentTask = "measures" | "assess" | "tellCommission" | "tellPeople";

/** What the law still asks about an incident, in the order in which it is done (RLRQ c. P-39.1, s. 3.5). */
export function stillToDo(incident: IncidentDescription): IncidentTask[] {
	const { measures, risk, commissionToldOn, peopleTold } = incident;
	const tasks: IncidentTask[] = [];
	if (measures === "") tasks.push("measures");
	if (risk === "unknown") tasks.push("assess");
	if (risk === "serious" && commissionToldOn === null) tasks.push("tellCommission");
	if (risk === "serious" && peopleTold === "") tasks.push("tellPeople");
	return tasks;
}

const yearsKept = 5;

/** The day until which an incident is kept at least: five years after it was learned of (RLRQ c., r. 3.1, s. 8). */
export function keptUntil(learnedOn: string): string {
	const [year = "", ...rest] = learnedOn.split("-");
	// Five years after a leap year there is no 29 February.
	const day = rest.join("-").replace("02-29", "03-01");
	return `${String(Number(year) + yearsKept).padStart(4, "0")}-${day}`;
}

/** Whether an incident may leave the register. `today` is a date of the calendar. */
export function mayBeDeleted({ learnedOn }: Pick<IncidentDescription, "learnedOn">, today: string): boolean {
	return today > keptUntil(learnedOn);
}
