import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** LibreOffice with a profile of its own. Converting fails where it is missing: nothing is skipped. */
export async function openOffice() {
	const folder = await mkdtemp(join(tmpdir(), "presence-office-"));
	return {
		/** Opens a file, as `reading` says for CSV, and saves it as another kind. */
		async convert(name: string, bytes: Uint8Array, to: string, reading?: string): Promise<Buffer> {
			await writeFile(join(folder, name), bytes);
			const [ending = ""] = to.split(":");
			await promisify(execFile)("soffice", [
				"--headless",
				`-env:UserInstallation=file://${folder}/profile`,
				...(reading ? [`--infilter=${reading}`] : []),
				"--convert-to",
				to,
				"--outdir",
				join(folder, "out"),
				join(folder, name),
			]);
			return readFile(join(folder, "out", name.replace(/\w+$/, ending)));
		},
		close: () => rm(folder, { recursive: true, force: true }),
	};
}
