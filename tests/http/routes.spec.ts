import { defineRoutes } from "@remix-run/dev/dist/config/routes.js";
import { expect, test } from "vitest";
import { builtRoutes, routes, routesOf } from "#tests/routes.ts";

test("the routes that the tests try are those that the built site has", async () => {
	const built = (await builtRoutes()).map(({ id, path }) => ({ id, path }));
	const sorted = (all: typeof routes) => [...all].sort((a, b) => (a.id < b.id ? -1 : 1));
	expect(routes.length).toBeGreaterThan(80);
	expect(sorted(routes)).toEqual(sorted(built));
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
