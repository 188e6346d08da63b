import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { defineRoutes, type RouteManifest } from "@remix-run/dev/dist/config/routes.js";
import type { ServerBuild } from "@remix-run/node";
import remix from "../remix.config.js";

export type Route = { id: string; path: string };
type Manifest = Record<string, { id: string; parentId?: string; path?: string }>;

// The configuration gives them at once: only one that loads something first would give a promise.
const configured = remix.routes?.(defineRoutes) as RouteManifest;

/** Every route of remix.config.js, those inside others included, with its whole path. */
export const routes = routesOf(configured);

/** The routes that are components, and so answer with a page rather than with a file. */
export const pages = routes.filter(({ id }) => configured[id]?.file.endsWith(".tsx"));

/** The route that an address of the site belongs to: of those that it could be, the one that leaves the least open. */
export function routeOf(address: string): Route | undefined {
	const path = address.replace(/[?#].*/, "").slice(1);
	const open = (route: Route) => route.path.split(":").length;
	return routes
		.filter((route) => route.path !== "*" && pattern(route).test(path))
		.sort((a, b) => open(a) - open(b))[0];
}

function pattern({ path }: Route): RegExp {
	return new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/:\w+/g, "[^/]+")}$`);
}

/** The routes of the built site, with what their modules export. */
export async function builtRoutes() {
	const built = pathToFileURL(join(process.cwd(), "build/server/index.js")).href;
	const build = (await import(/* @vite-ignore */ built)) as ServerBuild;
	const own = Object.values(build.routes).flatMap((route) => route ?? []);
	const all = routesOf(Object.fromEntries(own.map((route) => [route.id, route])));
	return all.map((route) => ({ ...route, module: build.routes[route.id]!.module }));
}

/** The routes of a manifest as Remix makes it, but for the root. A route inside another has the path of both. */
export function routesOf(manifest: Manifest): Route[] {
	function wholePath(id: string | undefined): string {
		const route = manifest[id ?? ""];
		return route ? [wholePath(route.parentId), route.path].filter(Boolean).join("/") : "";
	}
	return Object.keys(manifest)
		.filter((id) => id !== "root")
		.map((id) => ({ id, path: wholePath(id) }));
}
