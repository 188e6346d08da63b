import { type ActionFunctionArgs, redirect } from "@remix-run/node";
import { organizerCookie, readOrganizerCookie, requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { paths } from "#app/paths.ts";
import { signOut } from "#app/use-cases/sign-in.server.ts";

/** Only a POST signs out: a link that is followed by itself changes nothing. */
export function loader() {
	return redirect(paths.organizer.home());
}

export async function action({ request, context }: ActionFunctionArgs) {
	const { locale } = await requireOrganizer(request, context, "door");
	const token = readOrganizerCookie(request, context);
	if (token) await signOut(context.db, token);
	const headers = { ...privateHeaders, "Set-Cookie": organizerCookie(context, "") };
	return redirect(paths.organizer.signIn(locale), { status: 303, headers });
}
