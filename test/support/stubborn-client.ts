import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { histogram } from "./ingest.ts";

export interface Sent {
  /** Batches and requests that were acknowledged, each once: what must be stored. */
  batches: number;
  requests: number;
  /** Acknowledged as known already: the answer before was lost. */
  duplicates: number;
  /** Answers and faults that led to another try, by status or code. */
  retries: Map<string, number>;
}

const WINDOW_MS = 10_000;
const ROUTES = 3;
const RETRIED = new Set([408, 429, 502, 503, 504]);

/** A client that sends a batch until it is acknowledged, always under the same id and with the same bytes. */
export class StubbornClient {
  readonly sent: Sent = { batches: 0, requests: 0, duplicates: 0, retries: new Map() };
  private stopped = false;
  private readonly running: Promise<void>[];

  constructor(
    private readonly target: { url: string; apiKey: string },
    senders = 3,
  ) {
    this.running = Array.from({ length: senders }, (_, sender) => this.send(sender));
  }

  /** Where the server is now. */
  move(url: string): void {
    this.target.url = url;
  }

  /** No new batches; returns when every one begun is acknowledged. */
  async finish(): Promise<Sent> {
    this.stopped = true;
    await Promise.all(this.running);
    return this.sent;
  }

  private async send(sender: number): Promise<void> {
    for (let number = 0; !this.stopped; number++) {
      const latencies = Array.from({ length: 1 + (number % 5) }, (_, i) => 1_000 * (1 + ((number + i * 7) % 90)));
      await this.untilAcknowledged(batch(sender, number, latencies));
      this.sent.batches += 1;
      this.sent.requests += latencies.length;
      await pause(20);
    }
  }

  private async untilAcknowledged(body: string): Promise<void> {
    for (;;) {
      const answer = await this.post(body);
      if (answer === "acknowledged") return;
      this.sent.retries.set(answer, (this.sent.retries.get(answer) ?? 0) + 1);
      await pause(50 + Math.random() * 100);
    }
  }

  private async post(body: string): Promise<string> {
    const headers = { "content-type": "application/json", authorization: `Bearer ${this.target.apiKey}` };
    const signal = AbortSignal.timeout(5_000);
    let answer: Response;
    let text: string;
    try {
      answer = await fetch(`${this.target.url}/api/v1/ingest`, { method: "POST", body, headers, signal });
      text = await answer.text();
    } catch (error) {
      return (error as { cause?: { code?: string } }).cause?.code ?? String(error);
    }
    if (RETRIED.has(answer.status)) return String(answer.status);
    if (answer.status !== 200) throw new Error(`ingest answered ${answer.status}: ${text}`);
    const { rejected, duplicate } = JSON.parse(text) as { rejected: unknown[]; duplicate: boolean };
    if (rejected.length > 0) throw new Error(`ingest rejected ${text}`);
    if (duplicate) this.sent.duplicates += 1;
    return "acknowledged";
  }
}

/** One of some windows of the last minutes, one of some endpoints, one of many users. */
function batch(sender: number, number: number, latencies: number[]): string {
  const startMs = Math.floor(Date.now() / WINDOW_MS) * WINDOW_MS - (number % 12) * WINDOW_MS;
  const all = histogram(...latencies);
  return JSON.stringify({
    v: 1,
    batch: randomUUID(),
    service: "faulty",
    environment: "test",
    instance: `sender-${sender}`,
    window: { start: new Date(startMs).toISOString(), seconds: 10 },
    endpoints: [
      {
        method: "GET",
        route: `/route/${number % ROUTES}`,
        outcomes: { ok: all },
        users: [{ id: `user-${number % 50}`, latency: all }],
      },
    ],
  });
}
