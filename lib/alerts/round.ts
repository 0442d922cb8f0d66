import { config } from "../config.ts";
import { log } from "../log.ts";
import { readAlertClock } from "../store/alert-clock.ts";
import { readRules } from "../store/alert-rules.ts";
import { readSeries } from "../store/alert-series.ts";
import { waitingBatches } from "../store/batches.ts";
import type { Db } from "../store/db.ts";
import { applyRound, isAhead } from "./apply.ts";
import { blindSpots, LOOKED_BACK_MS } from "./blind-spots.ts";
import { historySince } from "../store/history.ts";
import { Catalog } from "./catalog.ts";
import { closedUntil } from "../query/closed.ts";
import { type Judgement, judgeRules } from "./judge.ts";
import { storedRule } from "./stored-rule.ts";
import type { StoredRule } from "./rule.ts";
import { fromRow } from "./state-rows.ts";

export interface RoundContext {
  nowMs: number;
  stop: () => boolean;
  /** Where tailfill is reached; by default as the settings say. */
  publicUrl?: string;
}

/**
 * One round of alerting: judges every rule by the windows that are closed, and writes what became of it, with what is to be told, in
 * one transaction. Of several workers at once, one does it.
 */
export async function alertRound(db: Db, { nowMs, stop, publicUrl }: RoundContext): Promise<void> {
  const [clock, waiting] = await Promise.all([readAlertClock(db), waitingBatches(db)]);
  const blind = await blindSpots(db, { ranAtMs: clock.ranAtMs, nowMs, hasBeats: !config().isDevelopment });
  const atMs = closedUntil(nowMs, waiting.oldestMs);
  tellIfBehind(atMs, nowMs);
  const judgement = isAhead(atMs, clock.evaluatedAtMs) ? await judge(db, { atMs, nowMs, blind }) : null;
  if (stop()) return;
  await applyRound(db, judgement, { nowMs, publicUrl: publicUrl ?? config().publicUrl });
}

async function judge(
  db: Db,
  { atMs, nowMs, blind }: { atMs: number; nowMs: number; blind: Awaited<ReturnType<typeof blindSpots>> },
): Promise<Judgement> {
  const rules = (await readRules(db, { enabled: true })).flatMap(storedRule);
  if (rules.length === 0) return { atMs, rules, judged: new Map() };
  const knownUsers = await usersKnown(db, rules);
  const history = await historySince(db, atMs - LOOKED_BACK_MS);
  const context = { catalog: await Catalog.read(db), atMs, nowMs, blind, history, knownUsers };
  const judged = await judgeRules(db, rules, context);
  return { atMs, rules, judged };
}

async function usersKnown(db: Db, rules: readonly StoredRule[]): Promise<Map<string, string[]>> {
  const ids = rules.filter(({ rule }) => rule.kind === "user").map(({ id }) => id);
  const users = new Map<string, string[]>(ids.map((id) => [id, []]));
  if (ids.length === 0) return users;
  for (const { ruleId, subject } of (await readSeries(db, ids)).map(fromRow))
    if (subject.about.user !== undefined) users.get(ruleId)!.push(subject.about.user);
  return users;
}

/** Beyond this, the log says why alerts are late. */
const BEHIND_MS = 120_000;

function tellIfBehind(atMs: number, nowMs: number): void {
  const behindSeconds = Math.round((nowMs - atMs) / 1_000);
  if (nowMs - atMs > BEHIND_MS) log("alerts").warn({ behindSeconds }, "alerts are late: batches wait to be folded");
}
