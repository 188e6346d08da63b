import type { MiddlewareHandler } from "hono";
import { NONCE, secureHeaders } from "hono/secure-headers";
import { paths } from "#app/paths.ts";
import type { SiteEnv } from "./context.server.ts";

const httpsSeconds = 365 * 24 * 3600;

/** The headers that say what a page may do: a stored email, a door and what stands in other sites have their own. */
export function pageSecurity(https: boolean): MiddlewareHandler<SiteEnv> {
	const security = policyOf(https);
	const pageHeaders = secureHeaders(security);
	const doorHeaders = secureHeaders(policyOf(https, ["self"]));
	const forOtherSites = { ...security, crossOriginResourcePolicy: "cross-origin" };
	// What can be done in a frame of any site is to follow a link.
	const framed = { ...security.contentSecurityPolicy, formAction: ["'none'"], frameAncestors: ["*"] };
	const embedHeaders = secureHeaders({
		...forOtherSites,
		contentSecurityPolicy: framed,
		xFrameOptions: false,
	});
	const embedScriptHeaders = secureHeaders(forOtherSites);
	return (c, next) => {
		const { path } = c.req;
		if (isEmailBody(path)) return emailBodyHeaders(c, next);
		if (isDoor(path)) return doorHeaders(c, next);
		if (path === paths.embed("fr") || path === paths.embed("en")) return embedHeaders(c, next);
		return path === paths.embedScript() ? embedScriptHeaders(c, next) : pageHeaders(c, next);
	};
}

/** `camera` says who may ask for it: nobody, or the page itself. */
function policyOf(https: boolean, camera: string[] = []) {
	return {
		contentSecurityPolicy: {
			defaultSrc: ["'none'"],
			scriptSrc: ["'self'", NONCE],
			styleSrc: ["'self'"],
			imgSrc: ["'self'", "data:"],
			fontSrc: ["'self'"],
			connectSrc: ["'self'"],
			frameSrc: ["'self'"],
			manifestSrc: ["'self'"],
			formAction: ["'self'"],
			frameAncestors: ["'none'"],
			baseUri: ["'none'"],
		},
		referrerPolicy: "same-origin",
		strictTransportSecurity: https ? `max-age=${httpsSeconds}; includeSubDomains` : false,
		xFrameOptions: "DENY",
		// One answer for the whole origin: the framed email cannot ask for it.
		originAgentCluster: false,
		permissionsPolicy: { camera, geolocation: [], microphone: [], payment: [], usb: [] },
	};
}

/** A stored email is shown in a frame of its own, where its inline styles work and nothing else does. */
const emailBodyHeaders = secureHeaders({
	contentSecurityPolicy: {
		defaultSrc: ["'none'"],
		styleSrc: ["'unsafe-inline'"],
		frameAncestors: ["'self'"],
		sandbox: ["allow-popups"],
	},
	originAgentCluster: false,
	referrerPolicy: "same-origin",
	xFrameOptions: "SAMEORIGIN",
});

function isEmailBody(path: string): boolean {
	return /^\/organizer\/(emails|messages|templates)\/[\w/-]+\/body$|^\/dev\/emails\/./.test(path);
}

/** The page of a meeting's door, which reads codes. */
function isDoor(path: string): boolean {
	return /^\/organizer\/sessions\/[\w-]+\/check-in$/.test(path);
}
