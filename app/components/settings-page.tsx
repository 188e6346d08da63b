import type { ReactNode } from "react";
import type { Locale } from "#app/domain/locale.ts";
import { type Role, roleReaches } from "#app/domain/organizer.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { OrganizerPage } from "./organizer-page.tsx";

/**
 * One part of the settings, among those that the reader's role may see. `before` stands above the title; `inside` is the
 * title of a page that the part leads to.
 */
export function SettingsPage(props: {
	reader: { locale: Locale; role: Role };
	tab: "firm" | "integrations" | "people" | "incidents" | "audit" | "own" | "browsers";
	inside?: string;
	refused?: boolean;
	before?: ReactNode;
	children: ReactNode;
}) {
	const { reader, tab, inside, refused, before, children } = props;
	const t = dictionary(reader.locale).organizer;
	const tabs: { name: typeof tab; label: string; href: string; least: Role }[] = [
		{ name: "firm", label: t.settings.firm, href: paths.organizer.settings(), least: "organizer" },
		{
			name: "integrations",
			label: t.integrations.title,
			href: paths.organizer.integrations(),
			least: "organizer",
		},
		{ name: "people", label: t.people.title, href: paths.organizer.people(), least: "owner" },
		{ name: "incidents", label: t.incidents.title, href: paths.organizer.incidents(), least: "owner" },
		{ name: "audit", label: t.audit.title, href: paths.organizer.audit(), least: "organizer" },
		{ name: "own", label: t.own.title, href: paths.organizer.own(), least: "organizer" },
		{ name: "browsers", label: t.browsers.title, href: paths.organizer.browsers(), least: "door" },
	];
	const shown = tabs.filter(({ least }) => roleReaches(reader.role, least));
	const current = tabs.find(({ name }) => name === tab);
	return (
		<OrganizerPage
			{...reader}
			title={inside ?? current?.label ?? t.settings.title}
			section={roleReaches(reader.role, "organizer") ? "settings" : "browsers"}
			top
			refused={refused}
		>
			{before}
			<h1>{t.settings.title}</h1>
			<nav className="tabs" aria-label={t.settings.title}>
				{shown.map(({ name, label, href }) => (
					<a key={name} href={href} aria-current={name === tab ? (inside ? "true" : "page") : undefined}>
						{label}
					</a>
				))}
			</nav>
			{inside && current ? (
				<div className="section">
					<p className="eyebrow">
						<a href={current.href}>{current.label}</a>
					</p>
					<h2>{inside}</h2>
					{children}
				</div>
			) : (
				children
			)}
		</OrganizerPage>
	);
}
