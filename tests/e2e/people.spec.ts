import {
	asOrganizer,
	emailTo,
	enterByCode,
	expect,
	expectAccessible,
	freshEmail,
	test,
	words,
} from "./test.ts";

const t = words.fr.organizer;

test.use({ expectedStatuses: [400, 403, 409] });

test("somebody is invited, signs in, gets another role, and loses access at once", async ({
	page,
	browser,
}) => {
	const email = freshEmail();
	const name = `Yasmine ${email.slice(6, 14)}`;
	await asOrganizer(page);
	await page.goto("/organizer/settings");
	await page.getByRole("link", { name: t.people.title, exact: true }).click();
	await expectAccessible(page);
	await page.getByLabel(t.people.name).fill(name);
	await page.getByRole("button", { name: t.people.invite }).click();
	await expect(page.getByRole("alert")).toContainText(t.people.errors.email);
	await expect(page.getByLabel(t.people.name)).toHaveValue(name);
	await page.getByLabel(t.people.email).fill(email);
	await expect(page.getByRole("radio", { name: new RegExp(t.people.roles.door) })).toHaveCount(1);
	await page.getByRole("button", { name: t.people.invite }).click();
	await expect(page.getByRole("status")).toContainText(t.people.invited);

	const invitation = await emailTo(email, /^Votre accès/);
	const theirs = await (await browser.newContext()).newPage();
	await enterByCode(theirs, /https?:\S+sign-in\S*/.exec(invitation.text)![0], email);
	await expect(theirs.getByRole("heading", { level: 1 })).toHaveText(t.sessions.title);
	expect((await theirs.goto("/organizer/settings/people"))?.status()).toBe(403);

	await page.getByRole("link", { name }).click();
	await expectAccessible(page);
	await page.getByRole("radio", { name: new RegExp(t.people.roles.owner) }).check();
	await page.getByRole("button", { name: t.people.save }).click();
	await expect(page.getByRole("status")).toContainText(t.people.saved);
	expect((await theirs.goto("/organizer/settings/people"))?.status()).toBe(200);

	await page.getByText(t.people.revoke, { exact: true }).click();
	await page.getByRole("button", { name: t.people.revokeYes }).click();
	await expect(page.getByRole("status")).toContainText(t.people.revoked);
	await theirs.goto("/organizer");
	await expect(theirs).toHaveURL(/sign-in/);
	await theirs.context().close();
});

test("the last owner is kept, and told why", async ({ page }) => {
	await asOrganizer(page);
	await page.goto("/organizer/settings/people");
	await page
		.getByRole("row", { name: new RegExp(t.people.you) })
		.getByRole("link")
		.click();
	await page.getByRole("radio", { name: new RegExp(`^${t.people.roles.organizer}`) }).check();
	await page.getByRole("button", { name: t.people.save }).click();
	await expect(page.getByRole("alert")).toContainText(t.people.errors.lastOwner);
	await expectAccessible(page);
});

test("an organizer adds a passkey, signs in with it, and removes it", async ({ page, browserName }) => {
	test.skip(browserName !== "chromium", "Only Chromium has a device that tests can hold.");
	const devices = await page.context().newCDPSession(page);
	await devices.send("WebAuthn.enable");
	await devices.send("WebAuthn.addVirtualAuthenticator", {
		options: {
			protocol: "ctap2",
			transport: "internal",
			hasResidentKey: true,
			hasUserVerification: true,
			isUserVerified: true,
			automaticPresenceSimulation: true,
		},
	});
	const own = t.passkeys;
	await asOrganizer(page);
	await page.goto("/organizer/settings/browsers");
	await page.getByRole("button", { name: own.add }).click();
	await expect(page.getByRole("status")).toContainText(t.browsers.done.passkeyAdded);
	await expectAccessible(page);

	await page.context().clearCookies();
	await page.goto("/organizer/workshops");
	await page.getByRole("button", { name: own.use }).click();
	await expect(page).toHaveURL(/organizer\/workshops$/);

	await page.goto("/organizer/settings/browsers");
	await page.getByRole("button", { name: /^Retirer la clé/ }).click();
	await expect(page.getByRole("status")).toContainText(t.browsers.done.passkeyRemoved);
	await page.context().clearCookies();
	await page.goto("/organizer/workshops");
	await page.getByRole("button", { name: own.use }).click();
	await expect(page.getByRole("alert")).toContainText(t.signIn.errors.passkey);
});
