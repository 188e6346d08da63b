/** What every rendered email needs to know of the site it comes from. */
export type MailOrigin = {
	publicUrl: string;
	/** The sender's address, for the calendar's organizer when the firm has none. */
	mailAddress: string;
	/** Right-hand side of Message-ID and calendar UID. */
	domain: string;
};

/** Reads the origin off the configuration. */
export function mailOrigin(config: { publicUrl: string; mailFrom: { address: string } }): MailOrigin {
	return {
		publicUrl: config.publicUrl,
		mailAddress: config.mailFrom.address,
		domain: new URL(config.publicUrl).hostname,
	};
}
