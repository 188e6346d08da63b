import { expect, test } from "vitest";
import { eachApart } from "#app/use-cases/each-apart.server.ts";

function failing(code?: string) {
	const done: string[] = [];
	const act = async (item: string) => {
		if (item === "bad") throw Object.assign(new Error("no"), { code });
		done.push(item);
		return 2;
	};
	return { done, act };
}

test("one that goes wrong holds back none of the others, and is heard of once they are done", async () => {
	const { done, act } = failing();
	await expect(eachApart(["a", "bad", "b"], act)).rejects.toThrow("no");
	expect(done).toEqual(["a", "b"]);
	expect(await eachApart(["c", "d"], act)).toBe(4);
});

test("nothing more is tried once the database is away", async () => {
	const { done, act } = failing("ECONNREFUSED");
	await expect(eachApart(["a", "bad", "b"], act)).rejects.toThrow("no");
	expect(done).toEqual(["a"]);
});
