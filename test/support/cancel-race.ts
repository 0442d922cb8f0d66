import pg from "pg";
import { newContext, within, type RequestContext } from "@/lib/sdk/src/context";
import { markTapped } from "@/lib/sdk/src/database/tapped";
import { tailfillClient } from "@/lib/sdk/src/pg/index";
import { recordingClient } from "../sdk/adapters/recording-client.ts";

export interface CancelRaceResult {
  rounds: number;
  /** Statements whose request was cut, and that were cancelled. */
  cancelled: number;
  /** Those that had ended before the signal. */
  ended: number;
  /** Statements that began after the cut one, on its connection, and were cancelled in its place. */
  innocentDeaths: number;
  /** Connections that were lost on the way. */
  lost: number;
}

const LANES = 3;
/** Long enough for a late signal to find it. */
const INNOCENT = "select pg_sleep(0.02)";
/** A request to cancel takes a few milliseconds: a new connection, and a new process of the database's. */
const LONGEST_HEAD_START_MS = 16;

/**
 * A request is cut at about the moment when its statement ends, while its connection goes on with an innocent statement.
 * @param isHeld whether the connection waits for the end of the cancelling, as ours does, or goes on at once
 */
export async function cancelRaceOn(url: string, rounds: number, isHeld: boolean): Promise<CancelRaceResult> {
  markTapped();
  const result = { rounds, cancelled: 0, ended: 0, innocentDeaths: 0, lost: 0 };
  await Promise.all(Array.from({ length: LANES }, (_, lane) => race(url, lane, isHeld, result)));
  return result;
}

async function race(url: string, lane: number, isHeld: boolean, result: CancelRaceResult): Promise<void> {
  const client = tailfillClient(new pg.Client(url), { cancelOnAbort: true });
  const holder = new pg.Client(url);
  await Promise.all([client.connect(), holder.connect()]);
  client.on("error", () => result.lost++);
  if (!isHeld) unhold(client);
  for (let round = lane; round < result.rounds; round += LANES) await raceOnce({ client, holder, lane }, result);
  await Promise.all([client.end(), holder.end()]);
}

interface Racers {
  client: pg.Client;
  /** Has the lock that the victim waits for, and so the victim's end in its hand. */
  holder: pg.Client;
  lane: number;
}

async function raceOnce({ client, holder, lane }: Racers, result: CancelRaceResult): Promise<void> {
  await holder.query(`select pg_advisory_lock(${lane})`);
  const request = newContext(recordingClient(), { headers: {} } as never)!;
  const victim = within(request, () => codeOf(client.query(`select pg_advisory_xact_lock(${lane})`)));
  await turnsOf(Math.random() * 2);
  cutNow(request);
  await turnsOf(Math.random() * LONGEST_HEAD_START_MS);
  const release = holder.query(`select pg_advisory_unlock(${lane})`);
  const how = await victim;
  const innocent = codeOf(client.query(INNOCENT));
  if (how === "57014") result.cancelled++;
  else result.ended++;
  if ((await innocent) === "57014") result.innocentDeaths++;
  await release;
}

async function turnsOf(ms: number): Promise<void> {
  for (const endMs = performance.now() + ms; performance.now() < endMs;) await new Promise(setImmediate);
}

function cutNow(request: RequestContext): void {
  for (const tell of request.whenCut ?? []) tell();
  request.open = false;
}

function codeOf(answer: Promise<unknown>): Promise<string> {
  return answer.then(
    () => "done",
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );
}

/** What a client does that does not wait: the hold cannot be put on. */
function unhold(client: pg.Client): void {
  const prototype = Object.getPrototypeOf(client) as { _pulseQueryQueue: () => void };
  const own = prototype._pulseQueryQueue;
  const never = (): void => {};
  const unheld = Object.create(prototype, { _pulseQueryQueue: { get: () => own, set: never } }) as object;
  Object.setPrototypeOf(client, unheld);
}
