import tlds from "tlds";

const topLevels = new Set(tlds);
/** An initial, « J-P », or what stands before a name or makes a degree: « Dr », « Ph ». */
const abbreviation = /^(\p{L}?-)?\p{L}{1,2}$|^(mme|mlle|mrs|dre|prof|ste|ing|mgr|rev|hon)$/u;

/**
 * Whether a mail program could make a link of something in this name: an address with `://` or `www.`, or a host and its
 * domain (`exemple.ca`). Letters that end with a full stop are a name's, « M.Li » as « B.Sc/M.Sc », unless a path follows.
 */
export function holdsSiteAddress(name: string): boolean {
	// What cannot be seen is no part of an address for who reads it, nor for a browser.
	const shown = name.replace(/\p{Cf}/gu, "").toLowerCase();
	if (shown.includes("://") || shown.includes("www.")) return true;
	return shown
		.split(/[^\p{L}\p{M}\p{N}\p{So}+./-]+/u)
		.some((word) => word.split("/").some((part, at, parts) => isSite(part, parts[at + 1])));
}

function isSite(part: string, path = ""): boolean {
	const labels = part.split(".").filter((label) => label !== "");
	const last = labels.pop() ?? "";
	if (labels.length === 0 || !(topLevels.has(last) || last.startsWith("xn--"))) return false;
	const [start = ""] = path.split(".");
	return !labels.every((label) => abbreviation.test(label)) || (start !== "" && !abbreviation.test(start));
}
