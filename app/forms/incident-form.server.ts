import { z } from "zod";
import { incidentRisks } from "#app/domain/incident.ts";
import { isLocalDate } from "#app/domain/time.server.ts";
import type { Dictionary } from "#app/i18n/fr.ts";
import { line, requiredLine, text } from "./text.ts";

type IncidentError = keyof Dictionary["organizer"]["incidents"]["errors"];

const key = (name: IncidentError) => name;
const longestText = 5_000;

function requiredText(missing: IncidentError) {
	return text(longestText, key("long")).pipe(z.string().min(1, key(missing)));
}

/** Browsers take a year typed as 26 for that of an emperor. */
const earliest = "1990-01-01";

/** An incident as the register describes it. `today` is a date of the calendar: nothing in a register is still to come. */
export function incidentForm(today: string) {
	const day = z
		.string()
		.default("")
		.refine((typed) => typed === "" || isLocalDate(typed), key("date"))
		.refine((typed) => typed === "" || typed >= earliest, key("year"))
		.refine((typed) => typed <= today, key("future"));
	return z
		.object({
			circumstances: requiredText("circumstances"),
			occurred: requiredLine(200, key("occurred"), key("long")),
			learnedOn: day.refine((typed) => typed !== "", key("learnedOn")),
			information: requiredText("information"),
			people: requiredLine(200, key("people"), key("long")),
			measures: text(longestText, key("long")),
			risk: z.enum(incidentRisks, key("risk")),
			riskReasons: text(longestText, key("long")),
			commissionToldOn: day.transform((typed) => typed || null),
			peopleTold: line(300, key("long")),
			publicNotice: text(longestText, key("long")),
			/** The revision that the page showed: 0 for an incident that was not there yet. */
			revision: z.coerce.number().int().catch(0),
		})
		.refine(({ risk, riskReasons }) => risk === "unknown" || riskReasons !== "", {
			path: ["riskReasons"],
			error: key("riskReasons"),
		});
}
