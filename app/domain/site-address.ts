import tlds from "tlds";

const topLevels = new Set(tlds);
const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
/** Initials and a short name, « J.-P.Ma » or « Dr.Ng », or a degree: of one letter there is hardly a site. */
const short = String.raw`(?:(?:(?:-?\p{L}|dr)\.)+\p{L}{2}|[bm]\.com)`;
const shortNames = new RegExp(String.raw`^[(«"'\[]*${short}(?:/${short})*[)»"'\],;.]*$`, "u");

/**
 * Whether a mail program could make a link of something in this name: an address with `://` or `www.`, or a host under a
 * domain that exists (`exemple.ca`). « M.Li » and « B.Sc/M.Sc » are names, `t.me/x` is none.
 */
export function holdsSiteAddress(name: string): boolean {
	// What cannot be seen is no part of an address for who reads it, nor for a browser.
	const shown = name.replace(invisible, "").toLowerCase();
	if (shown.includes("://") || shown.includes("www.")) return true;
	return shown.split(/\s+/u).some((word) => holdsHost(word) && !shortNames.test(word));
}

function holdsHost(word: string): boolean {
	return word.split(/[^\p{L}\p{M}\p{N}\p{So}.+-]+/u).some((host) => {
		const labels = host.split(".").filter((label) => label !== "");
		return labels.some((label, at) => at > 0 && isTopLevel(label, at === labels.length - 1));
	});
}

/** `com` at the end of a host, and `com+x` or `com❤` anywhere: what follows is no part of it. */
function isTopLevel(label: string, isLast: boolean): boolean {
	const [start = ""] = /^[\p{L}\p{M}\p{N}]*/u.exec(label)!;
	if (label.startsWith("xn--")) return isLast;
	return topLevels.has(start) && (isLast || start !== label);
}
