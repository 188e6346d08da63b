import { notFound } from "#app/http/responses.ts";

/** Every address that is no page. */
export function loader() {
	throw notFound();
}

export { loader as action };

export default function NotFound() {
	return null;
}
