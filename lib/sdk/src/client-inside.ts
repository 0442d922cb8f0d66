import type { Outcome } from "../../wire/index.ts";
import type { Client, TailfillOptions, UserId } from "./client-type.ts";
import type { Clock } from "./clock.ts";
import type { Settings } from "./environment.ts";
import type { StatementRecorder } from "./database/statement-recorder.ts";
import type { InsightLog } from "./insight/insight-log.ts";
import type { Prefill } from "./prefill/prefill-type.ts";

/** Told of every request that is counted, with the app's own id of its user. Must not throw, and must be quick. */
// oxlint-disable-next-line max-params -- called for every request: an object would be garbage each time
export type RequestListener = (
  method: string,
  route: string,
  outcome: Outcome,
  latencyUs: number,
  user: UserId,
) => void;

/** What other parts of the SDK need of a client that runs. */
export interface ClientInside {
  readonly settings: Settings & { ingestUrl: URL; apiKey: string };
  readonly pseudonymKey: TailfillOptions["pseudonymKey"];
  readonly clock: Clock;
  /** One listener at a time; undefined for none. */
  listener: RequestListener | undefined;
  /** What fills by this client's requests. */
  prefill: Prefill | undefined;
  /** What is told of databases; made when it is asked for first. */
  readonly insight: InsightLog;
  /** Records what requests asked of their databases; made when it is asked for first. */
  readonly statements: StatementRecorder;
}

/** `Symbol.for`, so that the ESM copy of this package sees into a client that the CommonJS copy made. */
export const INSIDE = Symbol.for("@tailfill/sdk client inside 1");

/** Undefined for a client that does nothing, and for one that is none of ours. */
export function insideOf(client: Client): ClientInside | undefined {
  return (client as Client & { [INSIDE]?: ClientInside })[INSIDE];
}

/** The wall clock of a client, Unix milliseconds. */
export const wallMsOf = (client: Client | undefined): number =>
  (client === undefined ? undefined : insideOf(client))?.clock.wallMs() ?? Date.now();
