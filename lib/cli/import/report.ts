import { BAD_LINE, type BadLine } from "./entry.ts";
import type { EndpointName } from "./route-names.ts";

interface SeenEndpoint extends EndpointName {
  requests: number;
  /** Some of the paths that became it. */
  examples: Set<string>;
}

const EXAMPLES = 3;
const ROUTES_SHOWN = 100;
const REJECTIONS_SHOWN = 10;

/** What an import did, for people to read. */
export class ImportReport {
  /** Bytes of a last line without an end. */
  unfinished = 0;
  /** Whether a source ended at a line of a time that is left for later. */
  isLeftForLater = false;
  requests = 0;
  knownRequests = 0;
  readonly bad = new Map<BadLine, number>();
  private readonly rejected: { path: string; reason: string }[] = [];
  private rejections = 0;
  private readonly endpoints = new Map<string, SeenEndpoint>();

  request({ method, route }: EndpointName, path: string, count = 1): void {
    const key = `${method} ${route}`;
    let seen = this.endpoints.get(key);
    if (seen === undefined) this.endpoints.set(key, (seen = { method, route, requests: 0, examples: new Set() }));
    seen.requests += count;
    if (seen.examples.size < EXAMPLES) seen.examples.add(path);
  }

  /** Requests of a chunk that was sent now, or would be. */
  sent(
    requests: number,
    told: { bad: ReadonlyMap<BadLine, number>; rejected: readonly { path: string; reason: string }[] },
  ) {
    this.requests += requests;
    for (const [reason, count] of told.bad) this.bad.set(reason, (this.bad.get(reason) ?? 0) + count);
    this.rejections += told.rejected.length;
    this.rejected.push(...told.rejected.slice(0, REJECTIONS_SHOWN - this.rejected.length));
  }

  /** Requests of a chunk that had been imported before. */
  known(requests: number, bytes: number): void {
    this.knownRequests += requests;
    this.knownBytes += bytes;
  }
  knownBytes = 0;

  lines({ isDry, capped }: { isDry: boolean; capped: number }): string[] {
    return [
      ...(isDry ? this.routeLines() : []),
      `${isDry ? "Would import" : "Imported"} ${grouped(this.requests)} requests at ${grouped(this.endpoints.size)} endpoints.`,
      ...(this.knownBytes > 0 ? [`${grouped(this.knownBytes)} bytes had been imported before, and count once.`] : []),
      ...(capped > 0
        ? [
            `${grouped(capped)} requests went to (other): there are more routes than --max-routes. Name some with --route.`,
          ]
        : []),
      ...[...this.bad].map(([reason, count]) => `${grouped(count)} lines left out: ${BAD_LINE[reason]}.`),
      ...(this.rejections > 0
        ? [
            `${grouped(this.rejections)} parts refused by the server: ${this.rejected.map(({ path, reason }) => `${path} ${reason}`).join(", ")}.`,
          ]
        : []),
      ...(this.isLeftForLater
        ? ["What is younger than --until (by default an hour) was left: run this again later."]
        : []),
      ...(this.unfinished > 0 ? [`${grouped(this.unfinished)} bytes behind the last line's end were left.`] : []),
    ];
  }

  /** The endpoints that come out, most requests first. */
  private routeLines(): string[] {
    const all = [...this.endpoints.values()].sort((a, b) => b.requests - a.requests);
    const shown = all.slice(0, ROUTES_SHOWN).map(({ method, route, requests, examples }) => {
      const others = [...examples].filter((path) => path !== route);
      const from = others.length === 0 ? "" : `   (${others.join(", ")})`;
      return `${grouped(requests).padStart(12)}  ${method} ${route}${from}`;
    });
    return all.length > shown.length
      ? [...shown, `             … and ${grouped(all.length - shown.length)} more`]
      : shown;
  }
}

const grouped = (number: number): string => number.toLocaleString("en");
