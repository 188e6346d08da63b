import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";

// Email clients ignore style sheets and variables: the colours of the site's tokens, inline.
const color = {
	paper: "#fbfaf7",
	surface: "#ffffff",
	ink: "#17191c",
	muted: "#5a5f66",
	rule: "#e3e0d8",
	accent: "#2347c5",
};
const font = "Figtree, 'Helvetica Neue', Helvetica, Arial, sans-serif";

// Clients that honour a style sheet get the dark tokens; the others keep a light page that is legible when inverted.
const darkMode = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
.paper { background: #121316 !important; } .surface { background: #1a1c20 !important; border-color: #2c2f35 !important; }
.ink, .ink a { color: #ececea !important; } .muted, .muted a { color: #a7acb4 !important; } .accent, .ink .accent { color: #9db4ff !important; }
.button { background: #9db4ff !important; } .button a { color: #0d1330 !important; } .rule { border-color: #2c2f35 !important; }
}`;

/** Renders a whole HTML email. One column, readable at 320 px, no image. */
export function renderEmail(page: ReactNode): string {
	return `<!doctype html>${renderToStaticMarkup(page)}`;
}

export function EmailPage(props: {
	lang: string;
	subject: string;
	preview: string;
	firmName: string;
	footer: ReactNode;
	children: ReactNode;
}) {
	return (
		<html lang={props.lang}>
			<head>
				<meta charSet="utf-8" />
				<meta name="viewport" content="width=device-width" />
				<meta name="color-scheme" content="light dark" />
				<title>{props.subject}</title>
				<style dangerouslySetInnerHTML={{ __html: darkMode }} />
			</head>
			<body className="paper" style={{ margin: 0, padding: 0, background: color.paper }}>
				<div style={{ display: "none", maxHeight: 0, overflow: "hidden" }}>{props.preview}</div>
				<table
					role="presentation"
					width="100%"
					cellPadding={0}
					cellSpacing={0}
					className="paper"
					style={{ background: color.paper }}
				>
					<tbody>
						<tr>
							<td align="center" style={{ padding: "32px 20px" }}>
								<table
									role="presentation"
									width="100%"
									cellPadding={0}
									cellSpacing={0}
									style={{
										maxWidth: "560px",
										textAlign: "left",
										font: `400 17px/1.5 ${font}`,
										color: color.ink,
										overflowWrap: "anywhere",
									}}
								>
									<tbody>
										<tr>
											<td
												className="ink"
												style={{ paddingBottom: "28px", fontWeight: 700, fontSize: "16px" }}
											>
												{props.firmName}
											</td>
										</tr>
										<tr>
											<td className="ink">{props.children}</td>
										</tr>
										<tr>
											<td
												className="muted rule"
												style={{
													paddingTop: "20px",
													borderTop: `1px solid ${color.rule}`,
													fontSize: "13px",
													lineHeight: 1.5,
													color: color.muted,
												}}
											>
												{props.footer}
											</td>
										</tr>
									</tbody>
								</table>
							</td>
						</tr>
					</tbody>
				</table>
			</body>
		</html>
	);
}

export function Heading({ children }: { children: ReactNode }) {
	return (
		<h1
			className="ink"
			style={{
				margin: "0 0 12px",
				fontSize: "30px",
				lineHeight: 1.12,
				letterSpacing: "-0.02em",
				fontWeight: 700,
			}}
		>
			{children}
		</h1>
	);
}

export function Paragraph({ children, quiet = false }: { children: ReactNode; quiet?: boolean }) {
	return (
		<p
			className={quiet ? "muted" : "ink"}
			style={{ margin: "0 0 20px", ...(quiet ? { color: color.muted, fontSize: "15px" } : {}) }}
		>
			{children}
		</p>
	);
}

/** A label and what it says; `apart` begins what a person shows rather than what they plan by. */
type Row = { label: string; value: ReactNode; apart?: boolean };

/** The ticket of the site: what a person keeps, in one quiet box. Its first row, the date, is the largest. */
export function Ticket({ rows }: { rows: Row[] }) {
	const cut = rows.findIndex(({ apart }) => apart);
	const parts = cut > 0 ? [rows.slice(0, cut), rows.slice(cut)] : [rows];
	return (
		<table
			role="presentation"
			width="100%"
			cellPadding={0}
			cellSpacing={0}
			className="surface"
			style={{
				margin: "8px 0 24px",
				background: color.surface,
				border: `1px solid ${color.rule}`,
				borderRadius: "16px",
				borderCollapse: "separate",
			}}
		>
			<tbody>
				{parts.map((part, index) => (
					<tr key={part[0]?.label}>
						<td
							className="rule"
							style={{
								padding: `${index === 0 ? 20 : 16}px 24px 6px`,
								...(index > 0 && { borderTop: `1px dashed ${color.rule}` }),
							}}
						>
							{part.map((row) => (
								<TicketRow key={row.label} row={row} large={row === rows[0]} />
							))}
						</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

function TicketRow({ row: { label, value }, large }: { row: Row; large: boolean }) {
	return (
		<div style={{ paddingBottom: "12px" }}>
			<div className="muted" style={{ fontSize: "14px", color: color.muted }}>
				{label}
			</div>
			<div
				className="ink"
				style={large ? { fontSize: "21px", lineHeight: 1.3, fontWeight: 700 } : { fontWeight: 600 }}
			>
				{value}
			</div>
		</div>
	);
}

export type Change = { label: string; before: string; after: string };

/** What is no longer as it was: the old struck through, the new in full weight, each with its word. */
export function Changes({ changes, was, is }: { changes: Change[]; was: string; is: string }) {
	return (
		<>
			{changes.map(({ label, before, after }) => (
				<div key={label} style={{ margin: "0 0 20px" }}>
					<div className="muted" style={{ fontSize: "14px", color: color.muted }}>
						{label}
					</div>
					<div className="muted" style={{ color: color.muted }}>
						{was} <s>{before.replaceAll("\n", ", ")}</s>
					</div>
					<div className="ink" style={{ fontWeight: 600 }}>
						{is} {after.replaceAll("\n", ", ")}
					</div>
				</div>
			))}
		</>
	);
}

export function Button({ href, children }: { href: string; children: ReactNode }) {
	return (
		<table role="presentation" cellPadding={0} cellSpacing={0} style={{ margin: "0 0 24px" }}>
			<tbody>
				<tr>
					<td className="button" style={{ background: color.accent, borderRadius: "10px" }}>
						<a
							href={href}
							style={{
								display: "inline-block",
								padding: "14px 24px",
								color: "#ffffff",
								fontWeight: 650,
								textDecoration: "none",
							}}
						>
							{children}
						</a>
					</td>
				</tr>
			</tbody>
		</table>
	);
}

export function TextLink({ href, children }: { href: string; children: ReactNode }) {
	return (
		<a href={href} className="accent" style={{ color: color.accent, overflowWrap: "anywhere" }}>
			{children}
		</a>
	);
}

export function Subheading({ children }: { children: ReactNode }) {
	return (
		<h2 className="ink" style={{ margin: "28px 0 4px", fontSize: "20px", lineHeight: 1.25, fontWeight: 700 }}>
			{children}
		</h2>
	);
}

/** Things to read one after the other, each with a page of its own, a hairline between them. */
export function Entries(props: {
	lines: { id: string; heading: string; title: string; facts: string; url: string }[];
}) {
	return (
		<div style={{ marginBottom: "24px" }}>
			{props.lines.map(({ id, heading, title, facts, url }) => (
				<div key={id} className="rule" style={{ padding: "12px 0", borderBottom: `1px solid ${color.rule}` }}>
					<div style={{ fontWeight: 650 }}>
						<TextLink href={url}>{heading}</TextLink>
					</div>
					<div className="ink">{title}</div>
					<div className="muted" style={{ fontSize: "15px", color: color.muted }}>
						{facts}
					</div>
				</div>
			))}
		</div>
	);
}

/** A code to copy, large and spaced. */
export function Code({ children }: { children: ReactNode }) {
	return (
		<p
			className="ink"
			style={{
				margin: "0 0 20px",
				fontSize: "36px",
				lineHeight: 1.2,
				fontWeight: 700,
				letterSpacing: "0.18em",
			}}
		>
			{children}
		</p>
	);
}

/** For HTML that is not made of the blocks above: the same looks, as attributes. */
export const inlineStyles: Record<string, string> = {
	p: 'class="ink" style="margin:0 0 20px"',
	ul: 'class="ink" style="margin:0 0 20px;padding-left:20px"',
	ol: 'class="ink" style="margin:0 0 20px;padding-left:20px"',
	h: 'class="ink" style="margin:24px 0 8px;font-size:20px;line-height:1.25"',
	blockquote: `class="muted" style="margin:0 0 20px;padding-left:16px;border-left:3px solid ${color.rule}"`,
	a: `class="accent" style="color:${color.accent};overflow-wrap:anywhere"`,
};

/** The text version: lines joined, an empty line where `null` stands, never two in a row. */
export function textLines(lines: (string | null | false)[]): string {
	return `${lines
		.filter((line) => line !== false)
		.map((line) => line ?? "")
		.join("\n")
		.replace(/\n{3,}/g, "\n\n")
		.trim()}\n`;
}
