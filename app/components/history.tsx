import type { Locale } from "#app/domain/locale.ts";
import { homeZone } from "#app/domain/session.ts";
import { formatList, formatStamp } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import type { AuditRow } from "#db/queries/audit.server.ts";

type Told = Pick<
	AuditRow,
	"actor" | "action" | "data" | "organizerName" | "colleagueName" | "tokenName" | "webhookName"
>;

/** « Mireille Castonguay a annulé une inscription ». What an older or newer version wrote is shown as it is stored. */
export function AuditSentence({ row, locale }: { row: Told; locale: Locale }) {
	const { audit, attendee, incidents } = dictionary(locale).organizer;
	const { actors } = audit;
	const sentences: Record<string, string> = audit.actions;
	const { name, sortName, email, language, organization, phone, note } = attendee;
	const labels: Record<string, string> = {
		...incidents.fields,
		name,
		sortName,
		email,
		locale: language,
		organization,
		phone,
		note,
	};
	const { fields, learnedOn } = row.data as { fields?: string[]; learnedOn?: string };
	const told = row.action === "registration.edited" || row.action === "incident.changed";
	// The day that it is kept from leaves its former value in the log.
	const was = (field: string) => (field === "learnedOn" && learnedOn ? ` (${learnedOn})` : "");
	const changed = told ? fields?.map((field) => (labels[field] ?? field) + was(field)) : [];
	const token = row.tokenName && audit.token(row.tokenName);
	const who =
		(row.actor === "organizer" && row.organizerName) ||
		(row.action === "api.read" && token) ||
		actors[row.actor];
	return (
		<>
			<b>{who}</b> {sentences[row.action] ?? row.action}
			{row.colleagueName && ` · ${row.colleagueName}`}
			{row.actor === "organizer" && row.tokenName && ` · ${row.tokenName}`}
			{row.webhookName && ` · ${row.webhookName}`}
			{row.action === "attendees.imported" && <span className="under">{importedCounts(row, locale)}</span>}
			{changed && changed.length > 0 && <span className="under">{formatList(changed, locale)}</span>}
		</>
	);
}

function importedCounts({ data }: Told, locale: Locale): string {
	const { importList: words } = dictionary(locale).organizer;
	const { seated, waiting, leftOut } = data as Record<string, number>;
	return [
		words.done(seated ?? 0),
		waiting ? words.waiting(waiting) : "",
		leftOut ? words.leftOut(leftOut) : "",
	].join(" ");
}

/** What happened to one thing, in order. */
export function History({ rows, locale }: { rows: AuditRow[]; locale: Locale }) {
	return (
		<ol className="log">
			{rows.map((row) => (
				<li key={row.id}>
					<time className="num muted" dateTime={row.at.toISOString()}>
						{formatStamp(row.at, locale, homeZone)}
					</time>
					<span>
						<AuditSentence row={row} locale={locale} />
					</span>
				</li>
			))}
		</ol>
	);
}
