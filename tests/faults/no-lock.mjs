import pg from "pg";

/* Loaded before the app: a session is read without its lock, and the time between reading and writing is a long one. */
const { query } = pg.Client.prototype;
pg.Client.prototype.query = function (text, values, callback) {
	if (typeof text !== "string" || !/^select .* from "session" .* for update$/.test(text))
		return query.call(this, text, values, callback);
	return query.call(this, text.replace(/ for update$/, ""), values, (error, result) => {
		setTimeout(() => callback(error, result), 40);
	});
};
