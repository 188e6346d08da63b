import { cpus } from "node:os";

export type Row = {
	what: string;
	figure: string;
	/** What it is compared with, and how much that was. */
	limit?: string;
	/** The figure as a share or a multiple of its limit. */
	ratio?: string;
	target?: string;
	/** The machine's load average when it was measured. */
	load?: number;
};

export function printTable(rows: Row[]): void {
	const cells = rows.map(({ what, figure, limit = "", ratio = "", target = "", load }) => [
		what,
		figure,
		limit,
		ratio,
		target,
		load?.toFixed(1) ?? "",
	]);
	console.log(
		`\n${cpus().length} × ${cpus()[0]?.model ?? "?"}, Node ${process.version}, ${new Date().toISOString()}\n`,
	);
	const all = [
		["what", "figure", "limit", "ratio", "target", "load"],
		["---", "---", "---", "---", "---", "---"],
		...cells,
	];
	const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
	for (const row of all) {
		const padded = row.map((cell, column) => cell.padEnd(widths[column]!, cell === "---" ? "-" : " "));
		console.log(`| ${padded.join(" | ")} |`);
	}
}

export function whole(value: number): string {
	return Number.isFinite(value) ? Math.round(value).toLocaleString("en-CA") : "?";
}

export function share(value: number, limit: number | null): string {
	return limit ? `${Math.round((value / limit) * 100)} %` : "";
}

export function times(value: number, limit: number): string {
	return `${(value / limit).toFixed(1)} ×`;
}

export function kilobytes(bytes: number): string {
	return `${(bytes / 1000).toFixed(1)} kB`;
}

export function megabytes(bytes: number): string {
	return Number.isFinite(bytes) ? `${(bytes / 2 ** 20).toFixed(0)} MB` : "?";
}
