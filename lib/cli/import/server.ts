import { setTimeout as sleep } from "node:timers/promises";
import { gzip } from "node:zlib";
import { promisify } from "node:util";
import { TailfillError } from "../../errors.ts";

const pack = promisify(gzip);

/** Where history is sent, and whose it is. */
export interface Destination {
  url: string;
  apiKey: string;
  service: string;
  environment: string;
}

/** The end of a chunk: everything up to the offset has this digest. */
export interface Place {
  offset: number;
  digest: string;
}

export interface ChunkBody {
  source: string;
  from: Place | null;
  to: Place;
  windows: readonly object[];
}

export interface ChunkAnswer {
  rejected: { path: string; reason: string }[];
  duplicate: boolean;
}

const TRY_MS = 60_000;
/** So long is a server waited for that does not answer, or has too much to do. */
const PATIENCE_MS = 10 * 60_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
const AGAIN = new Set([429, 502, 503, 504]);

/** The server, as far as an import needs it. */
export class ImportServer {
  constructor(
    private readonly to: Destination,
    private readonly tell: (message: string) => void = () => undefined,
  ) {}

  /** The places up to which a source is known. */
  async known(source: string): Promise<Place[]> {
    const { service, environment } = this.to;
    const query = new URLSearchParams({ service, environment, source });
    const answer = await this.ask(`/api/v1/import?${query}`, { method: "GET" });
    return ((await answer.json()) as { imported: Place[] }).imported;
  }

  /** Sends a chunk; when this returns, it is kept. */
  async send(chunk: ChunkBody): Promise<ChunkAnswer> {
    const { service, environment } = this.to;
    const body = await pack(JSON.stringify({ v: 1, service, environment, ...chunk }));
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    const answer = await this.ask("/api/v1/import", { method: "POST", headers, body: new Uint8Array(body) });
    return (await answer.json()) as ChunkAnswer;
  }

  private async ask(path: string, init: RequestInit): Promise<Response> {
    const begunMs = performance.now();
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
      const answer = await this.tryOnce(path, init);
      if (answer instanceof Response && answer.ok) return answer;
      const isFinal = answer instanceof Response && !AGAIN.has(answer.status);
      if (isFinal || performance.now() - begunMs > PATIENCE_MS) throw await failure(answer, this.to.url);
      const own = answer instanceof Response ? Number(answer.headers.get("retry-after")) * 1_000 : 0;
      if (waitMs >= 4_000) this.tell("waiting for the server …");
      await sleep(Math.max(own || 0, waitMs * (0.5 + Math.random() / 2)));
    }
  }

  private async tryOnce(path: string, init: RequestInit): Promise<Response | Error> {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${this.to.apiKey}`);
    try {
      return await fetch(this.to.url + path, { ...init, headers, signal: AbortSignal.timeout(TRY_MS) });
    } catch (error) {
      return error as Error;
    }
  }
}

async function failure(answer: Response | Error, url: string): Promise<TailfillError> {
  if (answer instanceof Error) {
    const cause = answer.cause instanceof Error ? answer.cause.message : answer.message;
    return new TailfillError("import_failed", `${url} does not answer: ${cause}`);
  }
  const problem = (await answer.json().catch(() => ({}))) as { code?: string; detail?: string };
  return new TailfillError(
    "import_failed",
    `${url} answered ${answer.status}: ${problem.detail ?? problem.code ?? "?"}`,
  );
}
