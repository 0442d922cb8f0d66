import type { IncomingMessage } from "node:http";

/** Next's request as `user(req)` gets it: the parts of a `NextRequest` that say who asks. */
export class NextRequestView {
  /** Node's own request, as it reached the server; headers that `proxy.ts` has set are on it. */
  readonly raw: IncomingMessage;

  constructor(raw: IncomingMessage) {
    this.raw = raw;
  }

  get method(): string {
    return this.raw.method ?? "GET";
  }

  /** Path and query. */
  get url(): string {
    return this.raw.url ?? "/";
  }

  get headers(): { get(name: string): string | null } {
    const { headers } = this.raw;
    return {
      get(name) {
        const value = headers[name.toLowerCase()];
        return Array.isArray(value) ? value.join(", ") : (value ?? null);
      },
    };
  }

  get cookies(): { get(name: string): { name: string; value: string } | undefined } {
    const { cookie } = this.raw.headers;
    return { get: (name) => findCookie(cookie, name) };
  }
}

function findCookie(header: string | undefined, name: string): { name: string; value: string } | undefined {
  for (const pair of header?.split(";") ?? []) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) return { name, value: decoded(pair.slice(at + 1).trim()) };
  }
  return undefined;
}

function decoded(value: string): string {
  const bare = value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
  try {
    return decodeURIComponent(bare);
  } catch {
    return bare;
  }
}
