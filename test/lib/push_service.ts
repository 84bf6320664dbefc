// SPDX-License-Identifier: Apache-2.0
// A web push service and the app behind it: takes what the server sends, checks who signed it (RFC 8292) and decrypts it
// with nothing but node's own crypto (RFC 8291, RFC 8188, and the draft that older apps read).
import { createDecipheriv, createECDH, createHmac, createPublicKey, type ECDH, randomBytes, verify } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Json } from "./http.ts";

export interface Pushed {
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

const hmac = (key: Buffer, data: Buffer) => createHmac("sha256", key).update(data).digest();
const hkdf = (salt: Buffer, secret: Buffer, info: Buffer, n: number) =>
  hmac(hmac(salt, secret), Buffer.concat([info, Buffer.from([1])])).subarray(0, n);
const ascii = (text: string) => Buffer.from(text, "latin1");

function open(key: Buffer, nonce: Buffer, sealed: Buffer): Buffer {
  const decipher = createDecipheriv("aes-128-gcm", key, nonce);
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
}

/** A member's app on one device: its key pair and secret. */
export class Device {
  readonly ecdh: ECDH = createECDH("prime256v1");
  readonly point: Buffer;
  readonly auth = randomBytes(16);

  constructor() {
    this.point = this.ecdh.generateKeys();
  }

  /** What the app asks the API for. */
  form(endpoint: string, alerts: string[], more: Record<string, string> = {}): Record<string, string> {
    return {
      "subscription[endpoint]": endpoint,
      "subscription[keys][p256dh]": this.point.toString("base64url"),
      "subscription[keys][auth]": this.auth.toString("base64url"),
      ...Object.fromEntries(alerts.map((alert) => [`data[alerts][${alert}]`, "true"])),
      ...more,
    };
  }

  read(pushed: Pushed): Json {
    const plain = pushed.headers["content-encoding"] === "aes128gcm" ? this.standard(pushed) : this.draft(pushed);
    return JSON.parse(plain.toString());
  }

  private standard({ body }: Pushed): Buffer {
    const salt = body.subarray(0, 16);
    if (body.readUInt32BE(16) !== 4096 || body[20] !== 65) throw new Error("not the header of RFC 8188");
    const theirs = body.subarray(21, 86);
    const info = Buffer.concat([ascii("WebPush: info\0"), this.point, theirs]);
    const ikm = hkdf(this.auth, this.ecdh.computeSecret(theirs), info, 32);
    const key = hkdf(salt, ikm, ascii("Content-Encoding: aes128gcm\0"), 16);
    const nonce = hkdf(salt, ikm, ascii("Content-Encoding: nonce\0"), 12);
    const plain = open(key, nonce, body.subarray(86));
    if (plain.at(-1) !== 2) throw new Error("the last record is not marked");
    return plain.subarray(0, -1);
  }

  private draft({ headers, body }: Pushed): Buffer {
    const salt = Buffer.from(/salt=([\w-]+)/.exec(String(headers.encryption))?.[1] ?? "", "base64url");
    const theirs = Buffer.from(/dh=([\w-]+)/.exec(String(headers["crypto-key"]))?.[1] ?? "", "base64url");
    const context = Buffer.concat([ascii("P-256\0\0\x41"), this.point, ascii("\0\x41"), theirs]);
    const ikm = hkdf(this.auth, this.ecdh.computeSecret(theirs), ascii("Content-Encoding: auth\0"), 32);
    const key = hkdf(salt, ikm, Buffer.concat([ascii("Content-Encoding: aesgcm\0"), context]), 16);
    const nonce = hkdf(salt, ikm, Buffer.concat([ascii("Content-Encoding: nonce\0"), context]), 12);
    const plain = open(key, nonce, body);
    return plain.subarray(2 + plain.readUInt16BE(0));
  }
}

/** The claims of whoever sent it, if their signature is that of the key they name. */
export function signedBy(pushed: Pushed): { claims: Json; key: string } {
  const authorization = String(pushed.headers.authorization);
  const legacy = /^WebPush (\S+)$/.exec(authorization);
  const standard = /^vapid t=(\S+), k=(\S+)$/.exec(authorization);
  const token = legacy?.[1] ?? standard?.[1] ?? "";
  const key = standard?.[2] ?? /p256ecdsa=([\w-]+)/.exec(String(pushed.headers["crypto-key"]))?.[1] ?? "";
  const [head = "", claims = "", signature = ""] = token.split(".");
  const point = Buffer.from(key, "base64url");
  const jwk = {
    kty: "EC",
    crv: "P-256",
    x: point.subarray(1, 33).toString("base64url"),
    y: point.subarray(33).toString("base64url"),
  };
  const publicKey = createPublicKey({ key: jwk, format: "jwk" });
  const good = verify(
    "sha256",
    ascii(`${head}.${claims}`),
    { key: publicKey, dsaEncoding: "ieee-p1363" },
    Buffer.from(signature, "base64url"),
  );
  if (!good) throw new Error("the signature is wrong");
  return { claims: JSON.parse(Buffer.from(claims, "base64url").toString()), key };
}

export class PushService {
  readonly pushed: Pushed[] = [];
  /** How it answers a path; 201 unless said. */
  readonly answers = new Map<string, number>();
  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  static async start(): Promise<PushService> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const service = new PushService(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on("request", async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const path = request.url ?? "";
      service.pushed.push({ path, headers: request.headers, body: Buffer.concat(parts) });
      response.writeHead(service.answers.get(path) ?? 201).end();
    });
    return service;
  }

  to(path: string): Pushed[] {
    return this.pushed.filter((p) => p.path === path);
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
