import type { Locale } from "#app/domain/locale.ts";
import type { QrCode } from "#app/exports/qr-code.server.ts";
import { dictionary } from "#app/i18n/translate.ts";

/** What somebody shows at the door: folded in their ticket until the day. */
export function DoorCode(props: { locale: Locale; name: string; code: QrCode; open: boolean }) {
	const { locale, name, code, open } = props;
	const words = dictionary(locale).manage.doorCode;
	return (
		<details className="door-code" open={open}>
			<summary>{words.title}</summary>
			<svg role="img" aria-label={words.of(name)} viewBox={`0 0 ${code.size} ${code.size}`}>
				<rect width="100%" height="100%" fill="#fff" />
				<path d={code.path} fill="#000" shapeRendering="crispEdges" />
			</svg>
			<p>
				<b>{name}</b> <span className="under">{words.hint}</span>
			</p>
		</details>
	);
}
