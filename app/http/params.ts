import { notFound } from "./responses.ts";

/** An id out of an address. Throws a 404 for what cannot be one, so that no query sees it. */
export function idParam(value = ""): string {
	if (!isId(value)) throw notFound();
	return value;
}

/** An id that an address may leave out; what cannot be one counts as left out. */
export function optionalId(value: string | null): string | undefined {
	return value !== null && isId(value) ? value : undefined;
}

/** Whether a text can be an id: a query is asked for nothing else. */
export function isId(value: string): boolean {
	return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}

/** `?page=`, from 1. */
export function pageParam(search: URLSearchParams): number {
	return Math.max(1, Math.min(1000, Number.parseInt(search.get("page") ?? "", 10) || 1));
}
