import { inflateSync } from "node:zlib";

/** The text of each page of a PDF that pdfkit wrote, a line for each that was set. */
export function textOfPdf(file: Buffer): string[] {
	const source = file.toString("latin1");
	const objects = new Map(
		[...source.matchAll(/\n(\d+) 0 obj\n([\s\S]*?)\nendobj/g)].map(([, id, body]) => [id!, body!]),
	);
	const streamOf = (id: string) => {
		const [, packed = ""] = /\nstream\n([\s\S]*)\nendstream/.exec(objects.get(id) ?? "") ?? [];
		return inflateSync(Buffer.from(packed, "latin1")).toString("latin1");
	};
	const charactersOf = (fontId: string) => {
		const [, mapId = ""] = /\/ToUnicode (\d+) 0 R/.exec(objects.get(fontId) ?? "") ?? [];
		const ranges = streamOf(mapId).matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[(.*?)\]/g);
		return new Map(
			[...ranges].flatMap(([, first, list]) =>
				[...list!.matchAll(/<([0-9a-f]*)>/g)].map(
					([, hex], n) => [Number.parseInt(first!, 16) + n, utf16(hex!)] as const,
				),
			),
		);
	};
	const pages = [...objects.values()].filter((body) => /\/Type \/Page\n/.test(body));
	return pages.map((page) => {
		const [, contents = ""] = /\/Contents (\d+) 0 R/.exec(page) ?? [];
		const [, resources = ""] = /\/Resources (\d+) 0 R/.exec(page) ?? [];
		const named = (objects.get(resources) ?? "").matchAll(/\/(F\d+) (\d+) 0 R/g);
		const fonts = new Map([...named].map(([, name, id]) => [name!, charactersOf(id!)]));
		const lines = streamOf(contents).matchAll(/\/(F\d+) [\d.]+ Tf[\s\S]*?\[(.*?)\] TJ/g);
		return [...lines]
			.map(([, font, glyphs]) => {
				const ids = [...glyphs!.matchAll(/<([0-9a-f]+)>/g)].flatMap(([, hex]) => hex!.match(/.{4}/g)!);
				return ids.map((id) => fonts.get(font!)?.get(Number.parseInt(id, 16)) ?? "�").join("");
			})
			.join("\n");
	});
}

function utf16(hex: string): string {
	return Buffer.from(hex, "hex").swap16().toString("utf16le");
}
