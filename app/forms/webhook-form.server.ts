import { isIP } from "node:net";
import { z } from "zod";
import { isPublicAddress } from "#app/domain/public-address.server.ts";
import { addressProblem } from "#app/domain/webhook.ts";
import type { Dictionary } from "#app/i18n/fr.ts";
import { requiredLine } from "./text.ts";

type WebhookError = keyof Dictionary["organizer"]["webhooks"]["errors"];

const key = (name: WebhookError) => name;

/** A webhook as an owner describes it. `inside` lets it lead to the host's own network. */
export function webhookForm(inside: boolean) {
	const url = requiredLine(2000, key("urlMissing"), key("urlLong"))
		.refine((typed) => addressProblem(typed, inside) === null, {
			error: ({ input }) => key(addressProblem(String(input), inside) ?? "address"),
			abort: true,
		})
		// What a name stands for is looked up when something is sent there.
		.refine((typed) => inside || mayBePublic(new URL(typed).hostname), key("inside"));
	return z.object({ name: requiredLine(80, key("name"), key("nameLong")), url });
}

function mayBePublic(hostname: string): boolean {
	const host = hostname.replace(/^\[(.*)\]$/, "$1");
	return isIP(host) ? isPublicAddress(host) : host !== "localhost";
}
