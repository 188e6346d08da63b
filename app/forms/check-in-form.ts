import { z } from "zod";

/** One tap at the door: of whom, at which meeting, and what is to stand of them from now on. */
export const checkInForm = z.object({
	person: z.uuid(),
	meeting: z.uuid(),
	seen: z.enum(["present", "none"]),
	/** Made by a phone for each tap, so that one that is sent again is known; without a script there is none. */
	operation: z.uuid().optional(),
	/** Who made it, as a phone remembers: somebody else may have signed in before it was sent. */
	by: z.uuid().optional(),
	/** How many seconds a tap waited on the phone, a week at most: by its own clock, which may be set wrong but runs as any other. */
	waited: z.coerce
		.number()
		.int()
		.min(0)
		.catch(0)
		.transform((seconds) => Math.min(seconds, 7 * 24 * 3600)),
});
