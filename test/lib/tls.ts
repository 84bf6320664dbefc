// SPDX-License-Identifier: Apache-2.0
// Certificates for tests, by Debian's openssl, and clients that check them.
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { type Agent, request } from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import { promisify } from "node:util";
import { freePort, type Server, startServer } from "./server.ts";

const call = promisify(execFile);

export interface Pair {
  certificate: string;
  key: string;
}

/** From and until: as openssl writes times, 20200101000000Z; nothing: now, and a year from now. */
export async function makePair(folder: string, name: string, from = "", until = "", host = "localhost"): Promise<Pair> {
  const at = (what: string) => path.join(folder, `${name}.${what}`);
  const pair = { certificate: at("pem"), key: at("key") };
  const conf = at("conf");
  await writeFile(
    conf,
    `[req]
distinguished_name = dn
prompt = no
[dn]
CN = ${name}
[ca]
default_ca = ours
[ours]
new_certs_dir = ${folder}
database = ${at("index")}
serial = ${at("serial")}
default_md = sha256
policy = any
x509_extensions = v3
unique_subject = no
[any]
commonName = supplied
[v3]
subjectAltName = DNS:${host}, IP:127.0.0.1
basicConstraints = critical, CA:TRUE
`,
  );
  await writeFile(at("index"), "");
  await writeFile(at("serial"), Math.floor(0x10000000 + Math.random() * 0x60000000).toString(16));
  const openssl = (...args: string[]) => call("openssl", [...args, "-config", conf], { cwd: folder });
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  await openssl("req", "-new", ...curve, "-keyout", pair.key, "-out", at("csr"));
  const dates = [
    ...(from === "" ? [] : ["-startdate", from]),
    ...(until === "" ? ["-days", "365"] : ["-enddate", until]),
  ];
  const files = ["-keyfile", pair.key, "-in", at("csr"), "-out", pair.certificate];
  await openssl("ca", "-selfsign", "-batch", "-notext", ...dates, ...files);
  return pair;
}

/** A server with a TLS listener, whose two files can be replaced. */
export class Secured {
  private constructor(
    readonly server: Server,
    readonly port: number,
    readonly folder: string,
    readonly live: Pair,
  ) {}

  static async start(
    settings: Record<string, string> = {},
    first?: (folder: string) => Promise<Pair>,
  ): Promise<Secured> {
    const folder = await mkdtemp(path.join(tmpdir(), "parley-tls-"));
    const port = await freePort();
    const live = { certificate: path.join(folder, "live.pem"), key: path.join(folder, "live.key") };
    const pair = await (first ?? ((where: string) => makePair(where, "first")))(folder);
    await replace(live, pair);
    const server = await startServer({
      settings: {
        tls_listen: `127.0.0.1:${port}`,
        tls_certificate: live.certificate,
        tls_key: live.key,
        domain: `localhost:${port}`,
        base_url: `https://localhost:${port}`,
        ...settings,
      },
    });
    return new Secured(server, port, folder, live);
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  get url(): string {
    return `https://localhost:${this.port}`;
  }

  /** The certificate that clients trust: a self-signed one is its own authority. */
  ca(): Promise<Buffer> {
    return readFile(this.live.certificate);
  }

  /** A socket whose hands are shaken. */
  async dial(more: ConnectionOptions & { localAddress?: string } = {}): Promise<TLSSocket> {
    const ca = more.ca ?? (await this.ca());
    const socket = connect({ host: "127.0.0.1", port: this.port, servername: "localhost", ...more, ca });
    await once(socket, "secureConnect");
    socket.on("error", () => undefined);
    return socket;
  }

  async get(target: string, options: GetOptions = {}): Promise<Answer> {
    return get(this.url + target, { ca: await this.ca(), ...options });
  }
}

export async function replace(live: Pair, by: Pair): Promise<void> {
  for (const what of ["certificate", "key"] as const) {
    await writeFile(`${live[what]}.new`, await readFile(by[what]), { mode: 0o600 });
    await rename(`${live[what]}.new`, live[what]);
  }
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

export interface GetOptions {
  ca?: Buffer;
  agent?: Agent;
  method?: string;
  headers?: Record<string, string>;
  body?: Buffer | string;
  localAddress?: string;
}

export function get(url: string, options: GetOptions = {}): Promise<Answer> {
  const { body, ...rest } = options;
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent: false, ...rest, family: 4 }, (reply) => {
      const parts: Buffer[] = [];
      reply.on("data", (part: Buffer) => parts.push(part));
      reply.on("end", () =>
        resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: Buffer.concat(parts) }),
      );
      reply.on("error", reject);
    });
    asked.on("error", reject);
    asked.end(body);
  });
}
