import pg from "pg";

/*
 * Loaded before the app: what it asks the database is changed, so that one promise is broken and must be seen to be. Which
 * one, SABOTAGE says (`sabotages` in campaign.ts).
 */
const isLock = /^select .* from "session" .* for update$/;
const changes = {
	/** A session is read without its lock, and the time between reading and writing is a long one. */
	lock: (text, values) => isLock.test(text) && [text.replace(/ for update$/, ""), values, 40],
	/** One in ten transactions that locked a session undoes what it says that it did. */
	commit: (text, values, client) => {
		client.hasLocked ||= isLock.test(text);
		return client.hasLocked && text === "commit" && Math.random() < 0.1 && ["rollback", values];
	},
	/** One in ten emails is not written. */
	email: (text, values) =>
		/^\s*insert into "email" /.test(text) && Math.random() < 0.1 && [writeNothing(text), values],
	/** One in ten deeds leaves no line in the log. */
	audit: (text, values) =>
		/insert into "audit" /.test(text) && Math.random() < 0.1 && [writeNothing(text), values],
	/** An email is marked as sent before it leaves. */
	sent: (text, values) => {
		const last = values?.lastIndexOf("sending") ?? -1;
		return (
			/^with "due" as .* update "email" set/.test(text) && last >= 0 && [text, values.with(last, "sent")]
		);
	},
};

function writeNothing(text) {
	return text.replace("::json)", "::json) where false");
}

const change = changes[process.env.SABOTAGE];
const { query } = pg.Client.prototype;
pg.Client.prototype.query = function (text, values, callback) {
	const changed = typeof text === "string" && change(text, values, this);
	if (!changed) return query.call(this, text, values, callback);
	const [otherText, otherValues, laterMs = 0] = changed;
	return query.call(this, otherText, otherValues, (error, result) => {
		if (laterMs === 0) callback(error, result);
		else setTimeout(() => callback(error, result), laterMs);
	});
};
