import { data, type LoaderFunctionArgs } from "@remix-run/node";

const statuses = [400, 403, 404, 405, 413, 429, 500, 503];

/** The page of a refusal that was decided before Remix, shown by the root's error boundary. */
export function loader({ params, context }: LoaderFunctionArgs) {
	const status = statuses.find((one) => String(one) === params.status) ?? 404;
	throw data({ retry: context.retry }, { status });
}

export default function Refused() {
	return null;
}
