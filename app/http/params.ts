import { notFound } from "./responses.ts";

/** An id out of an address. Throws a 404 for what cannot be one, so that no query sees it. */
export function idParam(value = ""): string {
	if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)) throw notFound();
	return value;
}

/** `?page=`, from 1. */
export function pageParam(search: URLSearchParams): number {
	return Math.max(1, Math.min(1000, Number.parseInt(search.get("page") ?? "", 10) || 1));
}
