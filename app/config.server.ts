import { z } from "zod";

/**
 * The only reader of the environment. Every variable is optional with the embedded database; with `DATABASE_URL` in
 * production the secrets and the public address are required.
 */
const variables = z.object({
	NODE_ENV: z.string().default("production"),
	PORT: z.coerce.number().int().min(0).max(65535).default(3000),
	HOST: z.string().default("127.0.0.1"),
	PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
	DATABASE_URL: z.string().min(1).optional(),
	DATABASE_DIRECT_URL: z.string().min(1).optional(),
	DATA_DIR: z.string().min(1).default("./data"),
	SMTP_URL: z.string().min(1).optional(),
	MAIL_FROM: z.string().min(3).default("Présence <inscriptions@localhost>"),
	SMTP_PER_SECOND: z.coerce.number().int().min(1).max(1000).optional(),
	BOUNCE_ADDRESS: z.email().optional(),
	BOUNCE_TOKEN: z.string().min(32).optional(),
	DKIM_DOMAIN: z.string().min(1).optional(),
	DKIM_SELECTOR: z.string().min(1).optional(),
	DKIM_PRIVATE_KEY: z.string().min(1).optional(),
	COOKIE_SECRET: z.string().min(1).optional(),
	ORGANIZER_EMAIL: z.email().optional(),
	TRUST_PROXY_HOPS: z.coerce.number().int().min(0).max(10).default(0),
	BOOKINGS_PER_HOUR: z.coerce.number().int().min(1).default(300),
	SIGN_UPS_AT_ONCE: z.coerce.number().int().min(1).max(2000).default(64),
	DEMO: z.enum(["on", "off"]).default("on"),
	ACCESS_LOG: z.enum(["on", "off"]).optional(),
	WEBHOOKS_TO_PRIVATE_ADDRESSES: z.enum(["on", "off"]).default("off"),
	METRICS_TOKEN: z.string().min(16, "16 characters or more").optional(),
});

type Dkim = { domainName: string; keySelector: string; privateKey: string };

export type Config = {
	production: boolean;
	port: number;
	host: string;
	/** Origin of every link, without a trailing slash. */
	publicUrl: string;
	databaseUrl: string | null;
	/** A connection that keeps its session, for migrations and LISTEN; differs from `databaseUrl` behind a pooler. */
	databaseDirectUrl: string | null;
	dataDir: string;
	smtpUrl: string | null;
	mailFrom: { name: string; address: string };
	/** The most messages that this process hands over in a second; null for as many as the server takes. */
	smtpPerSecond: number | null;
	/** Where bounces go; each message adds its own id to it. Null: to the sender. */
	bounceAddress: string | null;
	/** What a mail server must show to report a bounce; null and nobody may. */
	bounceToken: string | null;
	dkim: Dkim | null;
	/** The first signs; the others still verify, so that a secret can be changed. Empty: generated into `dataDir`. */
	secrets: string[];
	organizerEmail: string | null;
	trustProxyHops: number;
	bookingsPerHour: number;
	/** How many sign-ups may be under way in this process however slow it is, unless there is a flood. */
	signUpsAtOnce: number;
	demo: boolean;
	/** Whether each request leaves a line on standard output. */
	accessLog: boolean;
	/** Whether webhooks may lead to the host's own network too, and over http. */
	webhooksToPrivateAddresses: boolean;
	/** What `/metrics` must be asked with; null: there is no such address. */
	metricsToken: string | null;
};

/** Parses the environment once. Throws an Error whose message names each wrong or missing variable in a sentence. */
export function readConfig(environment: Record<string, string | undefined>): Config {
	const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
	const parsed = variables.safeParse(given);
	if (!parsed.success) {
		const sentences = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}.`);
		throw new Error(`Présence cannot start: ${sentences.join(" ")}`);
	}
	const env = parsed.data;
	const production = env.NODE_ENV === "production";
	const secrets = (env.COOKIE_SECRET ?? "").split(",").filter(Boolean);
	const missing: string[] = [];
	if (env.DATABASE_URL && production) {
		if (secrets.length === 0) missing.push("COOKIE_SECRET (32 random characters or more)");
		if (!env.PUBLIC_URL)
			missing.push("PUBLIC_URL (the address people type, such as https://ateliers.exemple.ca)");
	}
	if (env.DATABASE_URL && env.SMTP_URL && !environment.MAIL_FROM)
		missing.push("MAIL_FROM (the sender of every email)");
	if (missing.length > 0) {
		throw new Error(`Présence cannot start: with DATABASE_URL set, it also needs ${missing.join(" and ")}.`);
	}
	if (env.SMTP_URL && !env.ORGANIZER_EMAIL) {
		throw new Error(
			"Présence cannot start: with SMTP_URL set, it also needs ORGANIZER_EMAIL (the first owner's address: whoever reads its mail can sign in).",
		);
	}
	if (secrets.some((secret) => secret.length < 32)) {
		throw new Error("Présence cannot start: each COOKIE_SECRET must have 32 characters or more.");
	}
	const dkim = [env.DKIM_DOMAIN, env.DKIM_SELECTOR, env.DKIM_PRIVATE_KEY];
	if (dkim.some(Boolean) && !dkim.every(Boolean)) {
		throw new Error("Présence cannot start: DKIM_DOMAIN, DKIM_SELECTOR and DKIM_PRIVATE_KEY go together.");
	}
	return {
		production,
		port: env.PORT,
		host: env.HOST,
		publicUrl: new URL(env.PUBLIC_URL ?? `http://localhost:${env.PORT}`).origin,
		databaseUrl: env.DATABASE_URL ?? null,
		databaseDirectUrl: env.DATABASE_DIRECT_URL ?? env.DATABASE_URL ?? null,
		dataDir: env.DATA_DIR,
		smtpUrl: env.SMTP_URL ?? null,
		mailFrom: parseSender(env.MAIL_FROM),
		smtpPerSecond: env.SMTP_PER_SECOND ?? null,
		bounceAddress: env.BOUNCE_ADDRESS ?? null,
		bounceToken: env.BOUNCE_TOKEN ?? null,
		dkim: env.DKIM_DOMAIN
			? {
					domainName: env.DKIM_DOMAIN,
					keySelector: env.DKIM_SELECTOR ?? "",
					privateKey: (env.DKIM_PRIVATE_KEY ?? "").replaceAll("\\n", "\n"),
				}
			: null,
		secrets,
		organizerEmail: env.ORGANIZER_EMAIL ?? null,
		trustProxyHops: env.TRUST_PROXY_HOPS,
		bookingsPerHour: env.BOOKINGS_PER_HOUR,
		signUpsAtOnce: env.SIGN_UPS_AT_ONCE,
		demo: env.DEMO === "on",
		accessLog: (env.ACCESS_LOG ?? (env.DATABASE_URL ? "on" : "off")) === "on",
		webhooksToPrivateAddresses: env.WEBHOOKS_TO_PRIVATE_ADDRESSES === "on",
		metricsToken: env.METRICS_TOKEN ?? null,
	};
}

function parseSender(value: string): { name: string; address: string } {
	const match = /^\s*(.*?)\s*<([^<>\s]+@[^<>\s]+)>\s*$/.exec(value);
	const sender = match
		? { name: match[1] ?? "", address: match[2] ?? "" }
		: { name: "", address: value.trim() };
	if (!/^[^\s@]+@[^\s@]+$/.test(sender.address)) {
		throw new Error(
			`Présence cannot start: MAIL_FROM must look like "Nom <adresse@exemple.ca>", not "${value}".`,
		);
	}
	// Some mail servers refuse these characters in a display name, and a name with an @ looks like a forgery.
	return { name: sender.name.replace(/[@:,"]/g, "").trim(), address: sender.address };
}
