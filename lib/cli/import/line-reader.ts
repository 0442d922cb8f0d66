import { DecodeError } from "../../histogram/index.ts";
import { HlogError, HlogReader } from "../../histogram/hlog.ts";
import { type Outcome, OUTCOMES } from "../../wire/index.ts";
import type { BadLine, LineFormat } from "./entry.ts";
import type { HistoryChunk } from "./history-chunk.ts";
import type { ImportReport } from "./report.ts";
import type { EndpointName, RouteNames } from "./route-names.ts";

/** Something of a time that goes into windows. */
export interface ReadEntry {
  atMs: number;
  addTo(chunk: HistoryChunk): void;
}

/** What a line is: an entry, a line that is none by right (`null`), or a bad one. */
export type ReadLine = ReadEntry | BadLine | null;

export interface LineReader {
  read(line: string): ReadLine;
}

export interface RequestWish {
  routes: RouteNames;
  report: ImportReport;
  /** Seals ids of users, where that is wished. */
  seal: (id: string) => string;
}

/** Lines that are requests each. */
export function requestReader(format: LineFormat, { routes, report, seal }: RequestWish): LineReader {
  return {
    read(line) {
      if (line === "" || line.startsWith("#")) return null; // comments, as logs of the W3C's form have
      const request = format.read(line);
      if (typeof request === "string") return request;
      const endpoint = routes.of(request.method, request.path);
      const { atMs, outcome, latencyUs } = request;
      const user = request.user === null ? null : seal(request.user);
      return {
        atMs,
        addTo(chunk) {
          report.request(endpoint, request.path);
          chunk.request({ atMs, endpoint, outcome, latencyUs, user });
        },
      };
    },
  };
}

/** Lines of an HdrHistogram log, all of one endpoint. */
export function hlogReader(
  endpoint: EndpointName,
  { unitUs, untagged, report }: { unitUs: number; untagged: Outcome; report: ImportReport },
): LineReader {
  const reader = new HlogReader(unitUs);
  return {
    read(line) {
      try {
        const interval = reader.read(line);
        if (interval === null) return null;
        const outcome = OUTCOMES.find((name) => name === (interval.tag ?? untagged));
        if (outcome === undefined) return "outcome";
        const startMs = Math.round(interval.startSeconds * 1_000);
        const { seconds, payload, count } = interval;
        return {
          atMs: startMs,
          addTo(chunk) {
            report.request(endpoint, endpoint.route, count);
            chunk.interval({ startMs, seconds }, endpoint, { outcome, payload, count });
          },
        };
      } catch (error) {
        if (error instanceof HlogError) return error.reason === "fields" ? "format" : "time";
        if (error instanceof DecodeError) return "histogram";
        throw error;
      }
    },
  };
}
