import type { ReactNode } from "react";
import type { Locale } from "#app/domain/locale.ts";
import { type Role, roleReaches } from "#app/domain/organizer.ts";
import { homeZone } from "#app/domain/session.ts";
import { formatStamp } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import type { MailTrouble } from "#db/queries/emails.server.ts";
import { Document, useSite } from "./document.tsx";

type OrganizerSection = "sessions" | "workshops" | "attendees" | "emails" | "settings";
type DoorSection = "doors" | "browsers";

const addresses = {
	sessions: paths.organizer.home(),
	workshops: paths.organizer.workshops(),
	attendees: paths.organizer.attendees(),
	emails: paths.organizer.emails(),
	settings: paths.organizer.settings(),
} satisfies Record<OrganizerSection, string>;

const organizerSections = Object.keys(addresses) as OrganizerSection[];

/** A page of the back office: the sections and the way out, then the content. */
export function OrganizerPage(props: {
	locale: Locale;
	/** Said where somebody at the door may come too: their sections are others. */
	role?: Role;
	title: string;
	section: OrganizerSection | DoorSection;
	refused?: boolean;
	/** Whether this page is the section's own, rather than one inside it. */
	top?: boolean;
	children: ReactNode;
}) {
	const { locale, role = "organizer", title, section, refused, top, children } = props;
	const { nav, checkIn, browsers } = dictionary(locale).organizer;
	const site = useSite();
	const sections = roleReaches(role, "organizer")
		? organizerSections.map((name) => ({ name, address: addresses[name], label: nav[name] }))
		: [
				{ name: "doors", address: paths.organizer.doors(), label: checkIn.title },
				{ name: "browsers", address: paths.organizer.browsers(), label: browsers.title },
			];
	return (
		<Document locale={locale} title={title} refused={refused} backOffice>
			<header className="wide masthead">
				<a className="mark" href={paths.organizer.home()}>
					{site.name}
				</a>
				<nav aria-label={nav.label}>
					<ul>
						{sections.map(({ name, address, label }) => (
							<li key={name}>
								<a href={address} aria-current={name === section ? (top ? "page" : "true") : undefined}>
									{label}
								</a>
							</li>
						))}
						<li>
							<a href={paths.list(locale)}>{nav.site}</a>
						</li>
						<li>
							<form method="post" action={paths.organizer.signOut()}>
								<button type="submit" className="link-button">
									{nav.signOut}
								</button>
							</form>
						</li>
					</ul>
				</nav>
			</header>
			<main id="main" className="wide" tabIndex={-1}>
				{site.mailTrouble && <MailStopped trouble={site.mailTrouble} locale={locale} />}
				{children}
			</main>
		</Document>
	);
}

function MailStopped({ trouble, locale }: { trouble: MailTrouble; locale: Locale }) {
	const words = dictionary(locale).organizer.mailStopped;
	return (
		<section className="notice mail-stopped" aria-labelledby="mail-stopped">
			<h2 id="mail-stopped">{words.title(formatStamp(trouble.since, locale, homeZone))}</h2>
			<p>
				{words.text(trouble.waiting)} <a href={`${paths.organizer.emails()}?etat=queued`}>{words.see}</a>
			</p>
			{trouble.answer && (
				<p className="small muted">
					<code>{trouble.answer}</code>
				</p>
			)}
		</section>
	);
}

/** Says that what was asked for is done, on the page that follows. */
export function DoneNotice({ children }: { children: ReactNode }) {
	return (
		<p className="notice ok" role="status">
			{children}
		</p>
	);
}
