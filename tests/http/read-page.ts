export type Field = { name: string; value: string; kind: string; choices: string[] };
export type PageForm = { action: string; method: string; fields: Field[] };

/** The links of a page to this site, and its frames, without their fragments. */
export function linksOf(html: string, address: string, origin: string): string[] {
	const found = new Set<string>();
	for (const [tag] of html.matchAll(/<(?:a|iframe|link)\s[^>]*>/g)) {
		const target = attribute(tag, "href") ?? attribute(tag, "src");
		if (!target) continue;
		const url = new URL(target, origin + address);
		if (url.origin === origin) found.add(url.pathname + url.search);
	}
	return [...found];
}

/** What an address is an address of: the ids and tokens in it do not matter, the names of its parameters do. */
export function kindOf(address: string): string {
	const [path = "", query = ""] = address.split("?");
	const names = [...new URLSearchParams(query).keys()].sort().join("&");
	return `${path.replaceAll(/[0-9a-f]{8}-[^/]*/g, ":id").replace(/(ateliers|workshops)\/[a-z0-9-]+(?=\/|$)/, "$1/:slug")}?${names}`;
}

/** The forms of a page as a browser would send them, with the fields that belong to them from elsewhere. */
export function formsOf(html: string, address: string, origin: string): PageForm[] {
	return [...html.matchAll(/(<form[^>]*>)(.*?)<\/form>/gs)].map(([, open = "", inside = ""]) => {
		const url = new URL(attribute(open, "action") ?? address, origin + address);
		const id = attribute(open, "id");
		const elsewhere = id
			? [...html.matchAll(/<input[^>]*>/g)]
					.filter(([tag]) => attribute(tag, "form") === id)
					.map(([tag]) => tag)
			: [];
		return {
			action: url.pathname + url.search,
			method: (attribute(open, "method") ?? "get").toLowerCase(),
			fields: fieldsOf(inside + elsewhere.join("")),
		};
	});
}

/** What a page waits to be told: without it, it refuses whatever its address names. */
const typed: Record<string, string> = {
	name: "Zoé Roy",
	email: "zoe@exemple.ca",
	subjectFr: "La salle",
	bodyFr: "Bonjour",
	url: "https://crm.invalid/webhook",
	pasted: "Nom,Courriel\nZoé Roy,zoe@exemple.ca",
};

/** A form as somebody sends it who has filled it in: once for each of its buttons. */
export function filledIn({ fields }: PageForm): URLSearchParams[] {
	const entries = fields.map(({ name, value }) => [name, value || (typed[name] ?? "")]);
	const others = entries.filter((_, i) => fields[i]!.kind !== "button");
	const buttons = entries.filter((_, i) => fields[i]!.kind === "button");
	const filled = buttons.length > 0 ? buttons.map((button) => [...others, button]) : [others];
	return filled.map((all) => new URLSearchParams(all));
}

/** Whether a form ends what its page is about, or that somebody is signed in: others then have nothing to be about. */
export function endsThings({ action }: PageForm): boolean {
	return /cancel|annuler|erase|effacer|sign-out|people\/|archive/.test(action);
}

function fieldsOf(inside: string): Field[] {
	const fields: Field[] = [];
	// An input has no end: a textarea's or a select's is looked for only behind those two.
	const controls = /<(input|button)\s[^>]*>|<(textarea|select)\s[^>]*>.*?<\/\2>/gs;
	for (const [whole, single, double] of inside.matchAll(controls)) {
		const tag = single ?? double!;
		const open = /^<[^>]*>/.exec(whole)![0];
		const name = attribute(open, "name");
		if (!name) continue;
		const kind = tag === "input" ? (attribute(open, "type") ?? "text") : tag;
		const rest = whole.slice(open.length);
		const choices = tag === "select" ? valuesOf(rest) : [attribute(open, "value") ?? ""];
		const value = tag === "textarea" ? decoded(rest.replace(/<\/textarea>$/, "")) : (choices[0] ?? "");
		fields.push({ name, value, kind, choices });
	}
	return fields;
}

function valuesOf(options: string): string[] {
	return [...options.matchAll(/<option[^>]*>/g)].map(([tag]) => attribute(tag, "value") ?? "");
}

function attribute(tag: string, name: string): string | undefined {
	const found = new RegExp(`\\s${name}="([^"]*)"`, "i").exec(tag)?.[1];
	return found === undefined ? undefined : decoded(found);
}

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'", "#39": "'" };

function decoded(text: string): string {
	return text.replaceAll(/&(amp|lt|gt|quot|#x27|#39);/g, (_, name: string) => entities[name]!);
}
