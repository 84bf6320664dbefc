// SPDX-License-Identifier: Apache-2.0
// A service that speaks LibreTranslate's protocol: POST /translate and GET /languages. It turns words around, so that a
// test sees what was translated.
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

export interface Asked {
  q: string[];
  source: string;
  target: string;
  format: string;
  api_key?: string;
}

export const reversed = (text: string) => text.replace(/\p{L}+/gu, (word) => [...word].reverse().join(""));

export class TranslationService {
  readonly asked: Asked[] = [];
  languages = 0;
  /** What it does instead of its work. */
  mood: "well" | "broken" | "garbled" | "short" | "large" = "well";
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<TranslationService> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const service = new TranslationService(server, `http://127.0.0.1:${address.port}`);
    server.on("request", (q, r) => void service.answer(q, r));
    return service;
  }

  private async answer(q: IncomingMessage, r: ServerResponse): Promise<void> {
    let body = "";
    for await (const part of q) body += part;
    const say = (status: number, json: unknown) => {
      r.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(json));
    };
    if (this.mood === "broken") return say(500, { error: "no model" });
    if (q.method === "GET" && q.url === "/languages") {
      this.languages++;
      return say(200, [
        { code: "en", name: "English", targets: ["en", "de", "es"] },
        { code: "de", name: "German", targets: ["en", "de"] },
      ]);
    }
    if (q.method !== "POST" || q.url !== "/translate") return say(404, { error: "Not Found" });
    const asked: Asked = JSON.parse(body);
    this.asked.push(asked);
    if (asked.api_key !== "secret-key") return say(403, { error: "Invalid API key" });
    if (this.mood === "garbled") return void r.writeHead(200).end("<html>");
    if (this.mood === "large") return say(200, { translatedText: ["x".repeat(300_000)] });
    const translatedText = asked.q.map(reversed);
    if (this.mood === "short") translatedText.pop();
    const detected = asked.source === "auto" ? { detectedLanguage: [{ language: "en", confidence: 90 }] } : {};
    say(200, { translatedText, ...detected });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }
}
