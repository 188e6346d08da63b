import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { defineRoutes } from "@remix-run/dev/dist/config/routes.js";
import type { ServerBuild } from "@remix-run/node";
import { expect, test } from "vitest";
import { routes, routesOf } from "#tests/routes.ts";

test("the routes that the tests try are those that the built site has", async () => {
	const built = pathToFileURL(join(process.cwd(), "build/server/index.js")).href;
	const build = (await import(/* @vite-ignore */ built)) as ServerBuild;
	const own = Object.values(build.routes).flatMap((route) => route ?? []);
	const sorted = (all: typeof routes) => [...all].sort((a, b) => (a.id < b.id ? -1 : 1));
	expect(routes.length).toBeGreaterThan(80);
	expect(sorted(routes)).toEqual(sorted(routesOf(Object.fromEntries(own.map((route) => [route.id, route])))));
});

test("a route inside another is tried too, at the address of both", () => {
	const nested = defineRoutes((route) => {
		route("workshops/:workshopId", "workshop.tsx", () => {
			route("", "overview.tsx", { index: true });
			route("dates", "dates.tsx", () => route(":sessionId", "date.tsx", { id: "one-date" }));
		});
	});
	expect(routesOf(nested)).toEqual([
		{ id: "workshop", path: "workshops/:workshopId" },
		{ id: "overview", path: "workshops/:workshopId" },
		{ id: "dates", path: "workshops/:workshopId/dates" },
		{ id: "one-date", path: "workshops/:workshopId/dates/:sessionId" },
	]);
});
