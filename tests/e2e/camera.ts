import { writeFileSync } from "node:fs";
import { join } from "node:path";

const [width, height, moduleSize] = [640, 480, 10];

/** What Chromium shows in the place of a camera: a film that it reads when the camera is opened, and plays in a loop. */
export function fakeCamera(directory: string) {
	const file = join(directory, "camera.y4m");
	const args = [
		"--use-fake-device-for-media-stream",
		"--use-fake-ui-for-media-stream",
		`--use-file-for-fake-video-capture=${file}`,
	];
	/** Lays these codes before it one after the other, a second each: the paths of an attendee's page; null for none. */
	function show(...paths: (string | null)[]): void {
		const pictures = paths.map((path) => Buffer.concat([Buffer.from("FRAME\n"), picture(path)]));
		const second = (frame: Buffer) => Array<Buffer>(10).fill(frame);
		const header = Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`);
		writeFileSync(file, Buffer.concat([header, ...pictures.flatMap(second)]));
	}
	return { args, show };
}

/** One grey picture: a code, a little turned, on a phone that is not quite white. */
function picture(path: string | null): Buffer {
	const light = Buffer.alloc(width * height, 200);
	const dark = darkModules(path ?? "");
	const turn = 0.12;
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			const [right, down] = [x - width / 2, y - height / 2];
			const column = Math.floor((right * Math.cos(turn) + down * Math.sin(turn)) / moduleSize + 29 / 2);
			const row = Math.floor((down * Math.cos(turn) - right * Math.sin(turn)) / moduleSize + 29 / 2);
			if (dark.has(`${column} ${row}`)) light[y * width + x] = 60;
		}
	}
	return Buffer.concat([light, Buffer.alloc((width * height) / 2, 128)]);
}

function darkModules(path: string): Set<string> {
	const modules = new Set<string>();
	for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)/g))
		for (let i = 0; i < Number(run); i++) modules.add(`${Number(x) + i} ${y}`);
	return modules;
}
