import { redirect } from "@remix-run/node";
import { routes } from "../build/server/index.js";

/* Loaded before the app: a sign-up is read as it is always read, and then answered without the database. */
for (const id of ["fr/register", "en/register"]) {
	const { module } = routes[id];
	const action = async ({ request }) => {
		await request.formData();
		return redirect("/", 303);
	};
	routes[id] = { ...routes[id], module: { ...module, action } };
}
