import type { Prefill, PrefillStats } from "./prefill-type.ts";

/** A prefill that does nothing, for an app whose client does nothing. */
export class DisabledPrefill implements Prefill {
  readonly enabled = false;

  signal(): void {}

  flush(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  stats(): PrefillStats {
    return {
      mode: null,
      plan: { ageMs: null, definitions: 0, users: 0, unknownDefinitions: 0, ...NO_PLAN },
      signals: { session: 0, route: 0, named: 0, lost: 0 },
      decisions: { fill: 0, withheld: 0, held_out: 0, observe: 0 },
      refused: {},
      fills: { filled: 0, warm: 0, voided: 0, failed: 0, late: 0, dropped: 0, undelivered: 0 },
      running: 0,
      unknown: { definitions: 0, users: 0 },
      visits: 0,
      spent: { seconds: 0, level: 0 },
      speed: 0,
      events: { sent: 0, waiting: 0, lost: 0, lastFailure: null },
    };
  }
}

const NO_PLAN = { cutUsers: 0, leftOut: 0, malformed: 0, failures: 0, lastFailure: null };
