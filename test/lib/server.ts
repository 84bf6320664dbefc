// SPDX-License-Identifier: Apache-2.0
// A real server for tests: the program in PARLEY_BIN, on a free port of 127.0.0.1, with a data folder of its own, on SQLite
// or, if PARLEY_TEST_DB is a postgres:// URL, on a new database there. It runs with `testing = true`.
//
//   const server = await startServer();
//   after(() => server.stop());
//   test("...", async () => {
//     const anna = await server.member("anna");
//     const parley = await anna.client.v1.statuses.create({ status: "hello" });
//   });
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { setDefaultResultOrder } from "node:dns";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { createRestAPIClient, type mastodon } from "masto";
import { createDatabase, dropDatabase } from "./postgres.ts";
import { eventually } from "./wait.ts";

export type Client = mastodon.rest.Client;

export interface Member {
  username: string;
  email: string;
  password: string;
  token: string;
  id: string;
  client: Client;
}

export interface App {
  clientId: string;
  clientSecret: string;
}

export interface ServerOptions {
  /** Configuration keys: { registrations: "closed" } is PARLEY_REGISTRATIONS=closed. */
  settings?: Record<string, string>;
  /** Starts on this folder, and leaves it when it stops. */
  data?: string;
  /** Another engine than the one the tests run on: "sqlite" always can be had. */
  engine?: "sqlite" | "postgres";
}

// The server listens on 127.0.0.1, and "localhost" may stand for ::1 first.
setDefaultResultOrder("ipv4first");

const call = promisify(execFile);
const here = path.dirname(new URL(import.meta.url).pathname);
const STOP_MS = 30_000;
const LOG_KEPT = 200_000;
export const SCOPES = "read write follow push";
const SANITIZER = /ERROR: \w+Sanitizer|WARNING: ThreadSanitizer|runtime error:|Assertion .* failed/;

export function programPath(): string {
  const root = path.resolve(here, "../..");
  const candidates = [process.env.PARLEY_BIN, `${root}/build/parley`, `${root}/build/src/main/parley`];
  const found = candidates.find((p) => p !== undefined && existsSync(p));
  if (found === undefined) throw new Error("no parley program: run make, or set PARLEY_BIN");
  return found;
}

export const clusterUrl = process.env.PARLEY_TEST_DB?.startsWith("postgres") ? process.env.PARLEY_TEST_DB : undefined;
export const engine: "sqlite" | "postgres" = clusterUrl ? "postgres" : "sqlite";

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

export class Server {
  /** Standard output and error of the program, the last 200,000 characters. */
  log = "";
  readonly url: string;
  private child: ChildProcess | undefined;
  private app: Promise<App & { token: string }> | undefined;

  constructor(
    readonly port: number,
    readonly data: string,
    readonly database: string | undefined,
    private readonly settings: Record<string, string>,
    private readonly keepsData: boolean,
  ) {
    this.url = `http://localhost:${port}`;
  }

  get pid(): number {
    if (this.child?.pid === undefined) throw new Error("the server is not running");
    return this.child.pid;
  }

  /** The environment that configures this server; also for `parley` commands that talk to it. */
  environment(): NodeJS.ProcessEnv {
    const env: NodeJS.ProcessEnv = { ...process.env, NODE_OPTIONS: "" };
    env.PARLEY_DATA = this.data;
    env.PARLEY_LISTEN = `127.0.0.1:${this.port}`;
    env.PARLEY_DOMAIN = `localhost:${this.port}`;
    env.PARLEY_TESTING = "true";
    if (this.database !== undefined) env.PARLEY_DATABASE = this.database;
    for (const [key, value] of Object.entries(this.settings)) env[`PARLEY_${key.toUpperCase()}`] = value;
    return env;
  }

  /** Starts the program and waits until it answers. Also after kill() or halt(): same folder, same port. */
  async start(): Promise<void> {
    const child = spawn(programPath(), ["serve", "--data", this.data], {
      env: this.environment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.log = (this.log + text).slice(-LOG_KEPT);
      });
    }
    let broken: string | undefined;
    child.once("error", (error) => {
      broken = error.message;
    });
    child.once("exit", (code, signal) => {
      broken = `exit ${code ?? signal}`;
    });
    const up = await eventually("the server answers /health", async () => {
      if (broken !== undefined) return broken;
      return (await fetch(`${this.url}/health`)).ok;
    });
    if (up !== true) throw new Error(`the server did not start: ${up}\n${this.log}`);
  }

  /** TERM, as an operator stops it. Fails if it does not drain in time, exits with an error or a sanitizer complained. */
  async halt(): Promise<void> {
    const child = this.child;
    if (child === undefined) return;
    this.child = undefined;
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      await ended;
      clearTimeout(timer);
    }
    if (child.exitCode !== 0 || SANITIZER.test(this.log)) {
      throw new Error(`the server ended with ${child.exitCode ?? child.signalCode}\n${this.log.slice(-8000)}`);
    }
  }

  /** KILL, as a power cut does. start() brings it back. */
  async kill(): Promise<void> {
    const child = this.child;
    if (child === undefined) return;
    this.child = undefined;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }

  /** Stops it and removes what it left. For after(). */
  async stop(): Promise<void> {
    try {
      await this.halt();
    } finally {
      if (this.database !== undefined && clusterUrl !== undefined) await dropDatabase(clusterUrl, this.database);
      if (!this.keepsData) await rm(this.data, { recursive: true, force: true });
    }
  }

  /** A raw request; `token` becomes the Authorization header. */
  fetch(target: string, init: RequestInit & { token?: string } = {}): Promise<Response> {
    const { token, ...rest } = init;
    const headers = new Headers(rest.headers);
    if (token !== undefined) headers.set("Authorization", `Bearer ${token}`);
    return fetch(new URL(target, this.url), { redirect: "manual", ...rest, headers });
  }

  /** POST of a form; gives the JSON of a 200, and throws with the text of anything else. */
  async post<T>(target: string, form: Record<string, string>, token?: string): Promise<T> {
    const init = { method: "POST", body: new URLSearchParams(form) };
    const reply = await this.fetch(target, token === undefined ? init : { ...init, token });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`POST ${target}: ${reply.status} ${text}`);
    return JSON.parse(text) as T;
  }

  /** The operator's command line, against this server: command("member", "suspend", "ben"). Gives what --json prints. */
  // biome-ignore lint/suspicious/noExplicitAny: each command prints its own record
  async command(...words: string[]): Promise<any> {
    const { stdout } = await call(programPath(), [...words, "--json"], { env: this.environment() });
    return JSON.parse(stdout);
  }

  client(token?: string): Client {
    return createRestAPIClient(token === undefined ? { url: this.url } : { url: this.url, accessToken: token });
  }

  async registerApp(scopes = SCOPES, redirectUri = "urn:ietf:wg:oauth:2.0:oob"): Promise<App> {
    const app = await this.post<{ client_id: string; client_secret: string }>("/api/v1/apps", {
      client_name: "parley tests",
      redirect_uris: redirectUri,
      scopes,
    });
    return { clientId: app.client_id, clientSecret: app.client_secret };
  }

  /** A token by the client credentials grant, or, with a member, by the password grant. */
  async token(app: App, scopes = SCOPES, as?: { email: string; password: string }): Promise<string> {
    const grant: Record<string, string> = as
      ? { grant_type: "password", username: as.email, password: as.password }
      : { grant_type: "client_credentials" };
    const form = { ...grant, client_id: app.clientId, client_secret: app.clientSecret, scope: scopes };
    return (await this.post<{ access_token: string }>("/oauth/token", form)).access_token;
  }

  /** Signs somebody up over the API and gives them with a client that is signed in. */
  async member(username: string, options: { password?: string; email?: string } = {}): Promise<Member> {
    this.app ??= this.registerApp().then(async (app) => ({ ...app, token: await this.token(app) }));
    const app = await this.app;
    const email = options.email ?? `${username}@example.org`;
    const password = options.password ?? `long enough for ${username}`;
    const form = { username, email, password, agreement: "true", locale: "en", date_of_birth: "1990-04-01" };
    const { access_token: token } = await this.post<{ access_token: string }>("/api/v1/accounts", form, app.token);
    const client = this.client(token);
    const { id } = await client.v1.accounts.verifyCredentials();
    return { username, email, password, token, id, client };
  }

  /** Several at once. */
  members<N extends string[]>(...usernames: N): Promise<{ [I in keyof N]: Member }> {
    return Promise.all(usernames.map((name) => this.member(name))) as Promise<{ [I in keyof N]: Member }>;
  }

  /** A further session of a member, with other scopes. */
  async signIn(member: Member, scopes = SCOPES): Promise<string> {
    return this.token(await this.registerApp(scopes), scopes, member);
  }
}

export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const data = options.data ?? (await mkdtemp(path.join(tmpdir(), "parley-test-")));
  const cluster = options.engine === "sqlite" ? undefined : clusterUrl;
  if (options.engine === "postgres" && cluster === undefined) throw new Error("PARLEY_TEST_DB names no PostgreSQL");
  const database = cluster === undefined ? undefined : await createDatabase(cluster);
  const server = new Server(await freePort(), data, database, options.settings ?? {}, options.data !== undefined);
  try {
    await server.start();
  } catch (error) {
    await server.kill();
    await server.stop();
    throw error;
  }
  return server;
}
