import { type Locale, locales } from "#app/domain/locale.ts";
import { type AttendeeView, tabNames, viewAddress, viewChoices } from "#app/http/attendee-view.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import type { AttendeeTab } from "#db/queries/attendees.server.ts";
import { chosenForm } from "./attendee-table.tsx";
import { Select } from "./field.tsx";

type ToolsProps = { locale: Locale; sessionId: string; view: AttendeeView & { tab: AttendeeTab } };

/** Searches, sorts and narrows a session's list, and takes it away as a file or on paper. */
export function AttendeeTools({ locale, sessionId, view, isOver }: ToolsProps & { isOver: boolean }) {
	const {
		attendees: words,
		attendeeList: list,
		exportColumns: columns,
		sheet,
		attestations,
	} = dictionary(locale).organizer;
	const here = paths.organizer.session(sessionId);
	const options = <Key extends string>(names: Record<Key, string>, labels: Record<NoInfer<Key>, string>) =>
		(Object.keys(names) as Key[]).map((key) => ({ value: names[key], label: labels[key] }));
	const narrowed = Boolean(view.sort ?? view.language ?? view.only);
	return (
		<div className="toolbar">
			<search>
				<form className="search" action={here}>
					<label htmlFor="q">{words.search}</label>
					<input type="hidden" name="onglet" value={tabNames[view.tab]} />
					<input type="search" id="q" name="q" defaultValue={view.search} spellCheck={false} />
					<button type="submit" className="button plain">
						{words.searchGo}
					</button>
					<details className="narrow-down" open={narrowed}>
						<summary>{list.options}</summary>
						<div className="filters">
							{view.tab === "confirmed" && (
								<Select
									name="tri"
									label={list.sort}
									value={view.sort && viewChoices.sort[view.sort]}
									options={options(viewChoices.sort, list.sorts)}
								/>
							)}
							<Select
								name="langue"
								label={list.language}
								value={view.language}
								options={[
									{ value: "", label: list.anyLanguage },
									...locales.map((one) => ({
										value: one,
										label: dictionary(locale).languageName[one],
									})),
								]}
							/>
							<Select
								name="montrer"
								label={list.only}
								value={view.only && viewChoices.only[view.only]}
								options={[{ value: "", label: list.onlys.all }, ...options(viewChoices.only, list.onlys)]}
							/>
							<button type="submit" className="button plain">
								{list.apply}
							</button>
						</div>
						<p className="also">
							<a href={paths.organizer.exportColumns(viewAddress(here, view))}>{columns.choose}</a>
							{([",", ";"] as const).map((separator) => (
								<a
									key={separator}
									href={`${viewAddress(paths.organizer.csv(sessionId), view)}&sep=${encodeURIComponent(separator)}`}
								>
									{columns.separator[separator]}
								</a>
							))}
						</p>
					</details>
				</form>
			</search>
			<a className="button plain" href={paths.organizer.sheet(sessionId)}>
				{sheet.title}
			</a>
			{isOver && (
				<a className="button plain" href={paths.organizer.attestations(sessionId)}>
					{attestations.title}
				</a>
			)}
			<a className="button plain" href={viewAddress(paths.organizer.csv(sessionId), view)}>
				{words.csv}
			</a>
			<a className="button" href={viewAddress(paths.organizer.xlsx(sessionId), view)}>
				{words.xlsx}
			</a>
		</div>
	);
}

/** What can be done with the people ticked in the list; each change is first confirmed on a page of its own. */
export function ChosenBar(
	props: Omit<ToolsProps, "view"> & {
		tab: AttendeeTab;
		/** Whether it is time to say who came. */
		attendance: boolean;
	},
) {
	const { locale, sessionId, tab, attendance } = props;
	const words = dictionary(locale).organizer.attendeeList;
	const counts = [words.count(1), words.count(2).replace("2", "#")];
	return (
		<form id={chosenForm} className="chosen" action={paths.organizer.chosenAttendees(sessionId)}>
			<input type="hidden" name="onglet" value={tabNames[tab]} />
			<p data-counts={counts.join("|")}>{words.chosen}</p>
			{tab !== "cancelled" && (
				<>
					{attendance && tab !== "waitlisted" && (
						<button
							type="submit"
							className="button plain small"
							formAction={paths.organizer.attendance(sessionId)}
						>
							{words.attendance}
						</button>
					)}
					<button type="submit" className="button plain small" name="quoi" value="renvoyer">
						{words.resend}
					</button>
					<button type="submit" className="button plain small" name="quoi" value="deplacer">
						{words.move}
					</button>
					<button type="submit" className="button plain small" name="quoi" value="annuler">
						{words.cancel}
					</button>
				</>
			)}
			<button type="submit" className="button plain small" formAction={paths.organizer.message(sessionId)}>
				{words.write}
			</button>
			<button type="submit" className="button plain small" formAction={paths.organizer.csv(sessionId)}>
				{words.csv}
			</button>
			<button type="submit" className="button plain small" formAction={paths.organizer.xlsx(sessionId)}>
				{words.xlsx}
			</button>
		</form>
	);
}

/** Said in a dialog that the list's own script opens; without it there is nothing to say. */
export function ShortcutHelp({ locale }: { locale: Locale }) {
	const words = dictionary(locale).organizer.attendeeList;
	const keys = [
		["/", words.keysAbout.search],
		["j", words.keysAbout.next],
		["k", words.keysAbout.previous],
		["x", words.keysAbout.toggle],
		["?", words.keysAbout.help],
	];
	return (
		<>
			<button type="button" className="link-button keys" data-keys hidden>
				{words.keys}
			</button>
			<dialog id="keys" aria-labelledby="keys-title">
				<form method="dialog">
					<h2 id="keys-title">{words.keys}</h2>
					<dl>
						{keys.map(([key, label]) => (
							<div key={key}>
								<dt>
									<kbd>{key}</kbd>
								</dt>
								<dd>{label}</dd>
							</div>
						))}
					</dl>
					<label className="check">
						<input type="checkbox" data-keys-on defaultChecked />
						<span>{words.keysOn}</span>
					</label>
					<button type="submit" className="button plain small">
						{words.keysClose}
					</button>
				</form>
			</dialog>
			<script type="module" src="/attendees.js" />
		</>
	);
}
