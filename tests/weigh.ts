import { gzipSync } from "node:zlib";

/** What a page and all it names weigh as they are sent, in bytes by kind: `html`, `css`, `js`, `woff2`. */
export async function weighPage(html: string, origin: string): Promise<Map<string, number>> {
	const named = html.matchAll(/(?:href|src)="(\/[\w./-]+\.(?:css|js|woff2))"/g);
	const weights = new Map([["html", gzipSync(html).length]]);
	for (const file of new Set([...named].map(([, path]) => path!))) {
		const kind = file.split(".").at(-1)!;
		weights.set(kind, (weights.get(kind) ?? 0) + (await weighFile(origin + file)));
	}
	return weights;
}

const files = new Map<string, number>();

/** All is compressed but the font, which is so already. */
async function weighFile(url: string): Promise<number> {
	const known = files.get(url);
	if (known !== undefined) return known;
	const answer = await fetch(url);
	if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
	const bytes = Buffer.from(await answer.arrayBuffer());
	const weight = url.endsWith(".woff2") ? bytes.length : gzipSync(bytes).length;
	files.set(url, weight);
	return weight;
}
