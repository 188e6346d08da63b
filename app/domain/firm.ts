/** What the firm has to say of itself before the site is complete, in the order in which it is asked for. */
export type FirmFact = "postalAddress" | "email" | "privacyOfficer";

type Contacts = { postalAddress: string; email: string };

/** What is not filled in yet: the sender of a message (LCAP, s. 6) and who answers for personal information (Loi 25). */
export function missingFacts(firm: Contacts & { privacyOfficerFr: string }): FirmFact[] {
	const filled: Record<FirmFact, string> = {
		postalAddress: firm.postalAddress,
		email: firm.email,
		privacyOfficer: firm.privacyOfficerFr,
	};
	return (Object.keys(filled) as FirmFact[]).filter((fact) => filled[fact] === "");
}

/** Whether the firm may send promotional messages: they say where to write to it, by mail and by email (LCAP, s. 6). */
export function mayAnnounce(firm: Contacts): boolean {
	return firm.postalAddress !== "" && firm.email !== "";
}
