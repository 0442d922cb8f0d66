import { Client } from "pg";
import { openPostgres } from "@/lib/sdk/src/guard/postgres";
import type { GuardDatabase } from "@/lib/sdk/src/guard/database";
import type { Session } from "@/lib/sdk/src/guard/session";
import { app, type App } from "../sdk/guard/database/shop.ts";
import { until } from "./until.ts";

export interface RaceResult {
  rounds: number;
  /** Victims that were cancelled. */
  killed: number;
  /** Signals that were not sent, because the victim was over. */
  gone: number;
  /** Statements that began after the victim, on its connection, and were cancelled in its place. */
  innocentDeaths: number;
}

/** Long enough for a signal to find it. */
const INNOCENT = "SELECT pg_sleep(0.005)";

/**
 * A victim is seen, and signalled at about the moment when it ends, while its connection goes on with an innocent statement.
 * @param isChecked whether the signal is the guard's own, or goes to the process whatever it does by then
 */
export async function raceOn(url: string, rounds: number, isChecked: boolean): Promise<RaceResult> {
  const result = { rounds, killed: 0, gone: 0, innocentDeaths: 0 };
  await Promise.all(Array.from({ length: LANES }, (_, lane) => race(url, lane, isChecked, result)));
  return result;
}

const LANES = 3;

async function race(url: string, lane: number, isChecked: boolean, result: RaceResult): Promise<void> {
  const cleanup: (() => unknown)[] = [];
  try {
    const guard = await openPostgres(url, () => undefined);
    cleanup.push(() => guard.close());
    const killer = isChecked ? (victim: Session) => guard.signal("cancel", victim) : await blindKiller(url, cleanup);
    const [one, holder] = [await app(url, cleanup), await app(url, cleanup)];
    for (let round = lane; round < result.rounds; round += LANES)
      await raceOnce({ one, holder, guard, killer, lock: lane }, result);
  } finally {
    for (const undo of cleanup.toReversed()) await undo();
  }
}

type Killer = (victim: Session) => Promise<boolean>;

interface Racers {
  one: App;
  /** Has the lock that the victim waits for, and so the victim's end in its hand. */
  holder: App;
  guard: GuardDatabase;
  killer: Killer;
  lock: number;
}

async function raceOnce({ one, holder, guard, killer, lock }: Racers, result: RaceResult): Promise<void> {
  await holder.run(`SELECT pg_advisory_lock(${lock})`);
  const victim = one.run(`SELECT pg_advisory_xact_lock(${lock})`);
  const seen = await until("the victim is seen", () => sight(guard, one.pid));
  const release = holder.run(`SELECT pg_advisory_unlock(${lock})`);
  // Either while the victim is about to end, or when the next statement is on its way already.
  const early = Math.random() < 0.5 ? killer(seen) : undefined;
  const how = await victim;
  const innocent = one.run(INNOCENT);
  const sent = await (early ?? killer(seen));
  if (how === "57014") result.killed += 1;
  if (!sent) result.gone += 1;
  if ((await innocent) === "57014") result.innocentDeaths += 1;
  await release;
}

async function sight(guard: GuardDatabase, pid: number): Promise<Session | undefined> {
  return (await guard.activity(0)).find((session) => session.pid === pid);
}

/** What a killer does that goes by the process alone. */
async function blindKiller(url: string, cleanup: (() => unknown)[]): Promise<Killer> {
  const client = new Client({ connectionString: url });
  await client.connect();
  cleanup.push(() => client.end());
  return async ({ pid }) => {
    const { rows } = await client.query<{ sent: boolean }>("SELECT pg_cancel_backend($1) AS sent", [pid]);
    return rows[0]?.sent === true;
  };
}
