import type { GuardRecord } from "./record.ts";

export interface Kill {
  record: GuardRecord;
  /** By the wall clock of this process. */
  atMs: number;
}

/** What the guards of this process have signalled of late, to tell their kills from what others and timeouts do. */
interface KillLog {
  /** Guards that run in this process. */
  guards: number;
  kills: Kill[];
}

/** An app hears of a kill at once, or when it takes the answer of a statement that it has left lying. */
const KEPT_MS = 60_000;
const MOST = 1_000;

/** `Symbol.for`, so that an ESM and a CommonJS copy of this package in one process share one. */
const LOG = Symbol.for("@tailfill/sdk kills 1");

const holder = globalThis as typeof globalThis & { [LOG]?: KillLog };

export function killLog(): KillLog {
  return (holder[LOG] ??= { guards: 0, kills: [] });
}

export function logKill(kill: Kill): void {
  const log = killLog();
  log.kills = [...recent(log.kills, kill.atMs), kill].slice(-MOST);
}

/** A signal that met nothing was no kill. */
export function unlogKill(record: GuardRecord): void {
  const log = killLog();
  log.kills = log.kills.filter((kill) => kill.record !== record);
}

export function recent(kills: readonly Kill[], nowMs: number): Kill[] {
  return kills.filter(({ atMs }) => nowMs - atMs < KEPT_MS);
}
