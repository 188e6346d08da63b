import { defineRoutes, type RouteManifest } from "@remix-run/dev/dist/config/routes.js";
import remix from "../remix.config.js";

export type Route = { id: string; path: string };
type Manifest = Record<string, { id: string; parentId?: string; path?: string }>;

// The configuration gives them at once: only one that loads something first would give a promise.
const configured = remix.routes?.(defineRoutes) as RouteManifest;

/** Every route of remix.config.js, those inside others included, with its whole path. */
export const routes = routesOf(configured);

/** The routes that are components, and so answer with a page rather than with a file. */
export const pages = routes.filter(({ id }) => configured[id]?.file.endsWith(".tsx"));

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
