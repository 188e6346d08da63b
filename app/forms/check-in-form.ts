import { z } from "zod";

/** One tap at the door: of whom, at which meeting, and what is to stand of them from now on. */
export const checkInForm = z.object({
	person: z.uuid(),
	meeting: z.uuid(),
	seen: z.enum(["present", "none"]),
	/** Made by a phone for each tap, so that one that is sent again is known; without a script there is none. */
	operation: z.uuid().optional(),
});
