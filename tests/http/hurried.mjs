import { Server } from "node:http";

/* Loaded before the app: forty times less patient with whoever reads nothing, so that no test waits for minutes. */
const { setTimeout } = Server.prototype;
Server.prototype.setTimeout = function (milliseconds, callback) {
	return setTimeout.call(this, milliseconds / 40, callback);
};
