// SPDX-License-Identifier: Apache-2.0
// A security key in software, and the browser before it: makes and uses passkeys as W3C Web Authentication says, or, on
// demand, wrongly. It reads what a page asks (data-options) and gives the fields that the page's script would fill in.
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { attribute, type Page } from "./visitor.ts";

type Cbor = number | string | Uint8Array | Map<number | string, Cbor> | Cbor[];

/** RFC 8949, as far as authenticators need it. */
export function cbor(value: Cbor): Buffer {
  const head = (kind: number, n: number) => {
    if (n < 24) return Buffer.from([(kind << 5) | n]);
    if (n < 256) return Buffer.from([(kind << 5) | 24, n]);
    return Buffer.from([(kind << 5) | 25, n >> 8, n & 255]);
  };
  if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)]);
  return Buffer.concat([head(5, value.size), ...[...value].flatMap(([k, v]) => [cbor(k), cbor(v)])]);
}

export const ES256 = -7;
export const EDDSA = -8;
export const RS256 = -257;
export const PRESENT = 1;
export const PROVED = 4;
const WITH_KEY = 64;

export interface Passkey {
  id: Buffer;
  handle: Buffer;
  algorithm: number;
  secret: KeyObject;
  cose: Map<number | string, Cbor>;
  count: number;
}

/** What goes otherwise than it should. */
export interface Twist {
  origin?: string;
  rpId?: string;
  flags?: number;
  type?: string;
  challenge?: string;
  crossOrigin?: boolean;
  algorithm?: number;
  /** Attestation: "packed" is signed by the key itself. */
  format?: "none" | "packed" | "strange";
  /** The signature is of something else. */
  forged?: boolean;
  /** Another key under the same name. */
  key?: Passkey;
  handle?: Buffer | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: the options of the standard, as JSON
export type Options = any;

/** What the form of a page asks an authenticator. */
export function optionsOf(page: Page): Options {
  const tag = /<form\b[^>]*data-passkey="[^>]*>/.exec(page.html)?.[0];
  const options = tag === undefined ? undefined : attribute(tag, "data-options");
  if (options === undefined) throw new Error(`nobody asks for a passkey at ${page.url}: ${page.html.slice(-1500)}`);
  return JSON.parse(options);
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest();

function makeKey(algorithm: number): Pick<Passkey, "secret" | "cose"> {
  if (algorithm === EDDSA) {
    const { privateKey: secret, publicKey } = generateKeyPairSync("ed25519");
    const { x = "" } = publicKey.export({ format: "jwk" });
    const cose = [1, 1, 3, EDDSA, -1, 6, -2, Buffer.from(x, "base64url")] as const;
    return { secret, cose: pairs(cose) };
  }
  if (algorithm === RS256) {
    const { privateKey: secret, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const { n = "", e = "" } = publicKey.export({ format: "jwk" });
    return { secret, cose: pairs([1, 3, 3, RS256, -1, Buffer.from(n, "base64url"), -2, Buffer.from(e, "base64url")]) };
  }
  const { privateKey: secret, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const at = [1, 2, 3, algorithm, -1, 1, -2, Buffer.from(x, "base64url"), -3, Buffer.from(y, "base64url")] as const;
  return { secret, cose: pairs(at) };
}

function pairs(list: readonly Cbor[]): Map<number | string, Cbor> {
  const map = new Map<number | string, Cbor>();
  for (let i = 0; i < list.length; i += 2) map.set(list[i] as number, list[i + 1] as Cbor);
  return map;
}

function head(rpId: string, flags: number, count: number): Buffer {
  const rest = Buffer.alloc(5);
  rest[0] = flags;
  rest.writeUInt32BE(count, 1);
  return Buffer.concat([sha256(rpId), rest]);
}

const signed = (key: Passkey, bytes: Buffer) =>
  sign(key.algorithm === EDDSA ? null : "sha256", bytes, { key: key.secret, dsaEncoding: "der" });

export class Authenticator {
  readonly keys: Passkey[] = [];

  constructor(
    private readonly origin: string,
    /** Counts signatures, as security keys do; those that are copied about do not. */
    private readonly counts = true,
  ) {}

  private client(type: string, options: Options, twist: Twist): Buffer {
    return Buffer.from(
      JSON.stringify({
        type: twist.type ?? type,
        challenge: twist.challenge ?? options.challenge,
        origin: twist.origin ?? this.origin,
        crossOrigin: twist.crossOrigin ?? false,
      }),
    );
  }

  /** navigator.credentials.create() */
  create(options: Options, twist: Twist = {}): Record<string, string> {
    const algorithm = twist.algorithm ?? ES256;
    const key: Passkey = {
      id: randomBytes(32),
      handle: Buffer.from(options.user.id, "base64url"),
      algorithm,
      count: this.counts ? 1 : 0,
      ...makeKey(algorithm),
    };
    this.keys.push(key);
    const length = Buffer.from([key.id.length >> 8, key.id.length & 255]);
    const data = Buffer.concat([
      head(twist.rpId ?? options.rp.id, (twist.flags ?? PRESENT | PROVED) | WITH_KEY, key.count),
      Buffer.alloc(16),
      length,
      key.id,
      cbor(key.cose),
    ]);
    const client = this.client("webauthn.create", options, twist);
    const format = twist.format ?? "none";
    const statement = new Map<number | string, Cbor>();
    if (format === "packed") {
      const signature = signed(key, Buffer.concat([data, sha256(client)]));
      if (twist.forged) signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1;
      statement.set("alg", algorithm).set("sig", signature);
    }
    const attestation = cbor(
      new Map<string, Cbor>([
        ["fmt", format],
        ["attStmt", statement],
        ["authData", data],
      ]),
    );
    return { client: text(client), attestation: text(attestation), transports: "usb nfc" };
  }

  /** navigator.credentials.get(): of the keys that are asked for, or of the last one made. */
  get(options: Options, twist: Twist = {}): Record<string, string> {
    const asked: string[] = options.allowCredentials.map((c: { id: string }) => c.id);
    const fits = this.keys.filter((k) => asked.length === 0 || asked.includes(text(k.id)));
    const key = twist.key ?? fits.at(-1);
    if (key === undefined) throw new Error("NotAllowedError: there is no such passkey here");
    if (this.counts) key.count++;
    const data = head(twist.rpId ?? options.rpId, twist.flags ?? PRESENT | PROVED, key.count);
    const client = this.client("webauthn.get", options, twist);
    const what = twist.forged ? randomBytes(69) : Buffer.concat([data, sha256(client)]);
    return {
      credential: text(key.id),
      client: text(client),
      authenticator: text(data),
      signature: text(signed(key, what)),
      handle: "handle" in twist ? text(twist.handle ?? Buffer.alloc(0)) : text(key.handle),
    };
  }
}
