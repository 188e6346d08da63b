import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

type Options = { origin: string; rpId: string };

/** A device that holds one passkey, as WebAuthn level 3 (§6.1, §6.5) and RFC 9053 (ES256) write it down. */
export function aDevice({ origin, rpId }: Options) {
	const id = randomBytes(32);
	const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
	let uses = 0;

	function authenticatorData(flags: number, more = Buffer.alloc(0)): Buffer {
		const counter = Buffer.alloc(4);
		counter.writeUInt32BE(uses);
		return Buffer.concat([sha256(rpId), Buffer.from([flags]), counter, more]);
	}

	function clientData(type: string, challenge: string): Buffer {
		return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
	}

	return {
		id: id.toString("base64url"),
		/** What it answers when it is asked to make its passkey. */
		create(challenge: string): string {
			const { x, y } = publicKey.export({ format: "jwk" });
			const key = Buffer.concat([
				Buffer.from("a5010203262001215820", "hex"),
				Buffer.from(x!, "base64url"),
				Buffer.from("225820", "hex"),
				Buffer.from(y!, "base64url"),
			]);
			const named = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, key]);
			const data = authenticatorData(present | verified | attested, named);
			const attestation = Buffer.concat([
				Buffer.from("a363666d74646e6f6e656761747453746d74a068617574684461746158", "hex"),
				Buffer.from([data.length]),
				data,
			]);
			return answer({
				clientDataJSON: encode(clientData("webauthn.create", challenge)),
				attestationObject: encode(attestation),
			});
		},
		/** What it answers when it is asked to sign somebody in. */
		get(challenge: string): string {
			uses += 1;
			const data = authenticatorData(present | verified);
			const client = clientData("webauthn.get", challenge);
			const signature = sign("sha256", Buffer.concat([data, sha256(client)]), privateKey);
			return answer({
				clientDataJSON: encode(client),
				authenticatorData: encode(data),
				signature: encode(signature),
			});
		},
	};

	function answer(response: Record<string, string>): string {
		const name = encode(id);
		return JSON.stringify({
			id: name,
			rawId: name,
			type: "public-key",
			clientExtensionResults: {},
			response,
		});
	}
}

const present = 0x01;
const verified = 0x04;
const attested = 0x40;

function sha256(bytes: Buffer | string): Buffer {
	return createHash("sha256").update(bytes).digest();
}

function encode(bytes: Buffer): string {
	return bytes.toString("base64url");
}
