import type { DecisionArm, FillState, PrefillMode } from "../../../wire/index.ts";
import type { CachedDefinition } from "../cache/definition-type.ts";
import type { AnyRequest, Client, TailfillOptions, UserId } from "../client-type.ts";
import type { FillQueue } from "./queue-type.ts";

export interface PrefillOptions<Request = AnyRequest> extends TailfillOptions<Request> {
  /** The client that the middleware has. Without it, the options of a client, or the one that runs already. */
  client?: Client;
  /** What may be filled. Default: everything that `defineCached` makes in this process, now or later. */
  definitions?: readonly CachedDefinition[];
  /**
   * Carries the fills. Default: BullMQ on `TAILFILL_QUEUE_URL` (`redis://…` or `postgresql://…`) when that is set, else a queue
   * within the process.
   */
  queue?: FillQueue;
  /** Whether this process fills as well. Default true; false when `tailfill-worker` does. A queue within the process is always worked off. */
  work?: boolean;
  /** Seconds without a request after which a user's next one begins a session. Default 1,800. */
  sessionGapSeconds?: number;
  /** Users whose last request is remembered. Default 50,000. */
  mostUsers?: number;
  /** Most fills at once in this process, whatever the plan says. Default: as the plan says. */
  concurrency?: number;
  /** Filling is halved each second in which the event loop is later than this. Milliseconds, default 50. */
  loopDelayMs?: number;
}

/** Fills the cache of users who are about to come. Nothing here throws, and no promise here rejects. */
export interface Prefill {
  /** False when the client does nothing: then this does nothing either. */
  readonly enabled: boolean;
  /**
   * Says that a user is about to come: a push was sent, a mail opened.
   *
   * @param user the app's own id
   * @param name what it was, as definitions name it in `signals`; default `signal`
   */
  signal(user: UserId, name?: string): void;
  /** Sends the events that wait, for at most 5 s. */
  flush(): Promise<void>;
  /** Ends all filling: what runs is given up, what waits in this process is dropped, events are sent. */
  stop(): Promise<void>;
  /** What happened so far. */
  stats(): PrefillStats;
}

/** What prefill did so far; counts since its start. */
export interface PrefillStats {
  /** What the plan lets it do; null without a plan that is fresh enough to act on. */
  mode: PrefillMode | null;
  plan: {
    /** Milliseconds since it was made, null without one. */
    ageMs: number | null;
    definitions: number;
    users: number;
    /** Of this plan: definitions that this process does not have, users beyond the cap, and entries that made no sense. */
    unknownDefinitions: number;
    cutUsers: number;
    leftOut: number;
    /** Answers that were no plan, and questions without an answer. */
    malformed: number;
    failures: number;
    lastFailure: string | null;
  };
  /** Who showed up: first requests of sessions, routes that are signals, what the app named; and what was more than could be looked at. */
  signals: { session: number; route: number; named: number; lost: number };
  decisions: Record<DecisionArm, number>;
  /** Why nothing was decided, by reason. */
  refused: Record<string, number>;
  /** What became of the fills that ended in this process. */
  fills: Record<FillState, number>;
  /** Fills that run just now, and jobs that named a definition or user unknown here. */
  running: number;
  unknown: { definitions: number; users: number };
  /** First visits after a decision. */
  visits: number;
  /** Work that this process's decisions spent in the last hour, in seconds, and how full the bucket is, from 1 down. */
  spent: { seconds: number; level: number };
  /** 1 is full speed, 0 none: the brakes. */
  speed: number;
  events: { sent: number; waiting: number; lost: number; lastFailure: string | null };
}
