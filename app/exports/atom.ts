type AtomFeed = {
	/** A language tag (RFC 5646). */
	language: string;
	title: string;
	url: string;
	feedUrl: string;
	author: string;
	updatedAt: Date;
	entries: { id: string; title: string; url: string; summary: string; updatedAt: Date }[];
};

/** An Atom feed (RFC 4287). */
export function atomFeed(feed: AtomFeed): string {
	const entries = feed.entries.map(
		(entry) => `<entry>
<id>${escapeXml(entry.id)}</id>
<title>${escapeXml(entry.title)}</title>
<link href="${escapeXml(entry.url)}"/>
<updated>${entry.updatedAt.toISOString()}</updated>
<summary>${escapeXml(entry.summary)}</summary>
</entry>
`,
	);
	return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${escapeXml(feed.language)}">
<id>${escapeXml(feed.feedUrl)}</id>
<title>${escapeXml(feed.title)}</title>
<link href="${escapeXml(feed.url)}"/>
<link rel="self" href="${escapeXml(feed.feedUrl)}"/>
<author><name>${escapeXml(feed.author)}</name></author>
<updated>${feed.updatedAt.toISOString()}</updated>
${entries.join("")}</feed>
`;
}

const entities: Record<string, string> = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	'"': "&quot;",
	"'": "&#39;",
};

/** Text for an XML document: its five special characters escaped, and without the controls that XML 1.0 refuses. */
export function escapeXml(text: string): string {
	return text.replace(/[^\P{Cc}\t\n]/gu, "").replace(/[&<>"']/g, (character) => entities[character]!);
}
