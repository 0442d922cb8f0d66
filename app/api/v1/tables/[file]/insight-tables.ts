import { found as foundCandidates } from "@/components/prefill/candidate-order";
import { insightKills } from "@/lib/insight/kills";
import { insightRepeats } from "@/lib/insight/repeats";
import { insightRequests } from "@/lib/insight/requests";
import { insightStatements } from "@/lib/insight/statements";
import { insightTrials } from "@/lib/insight/trials";
import { prefillCandidates } from "@/lib/prefill/candidates-answer";
import { db, parseQuestion } from "@/lib/query";
import {
  CANDIDATES,
  REPEATED,
  serviceStatements,
  STOPPED,
  SLOW_REQUESTS,
  STOPPED_GROUPS,
  stoppedRows,
  trialRows,
  TRIALS,
} from "@/lib/query/tables/insight-columns";
import type { INSIGHT_TABLE_NAMES } from "@/lib/query/tables/names";
import { tableOf } from "@/lib/query/tables/table";
import { type Ask, placeOf, taken } from "./asked";

const MOST = 10_000;

export const INSIGHT_TABLES: Record<(typeof INSIGHT_TABLE_NAMES)[number], Ask> = {
  async statements(search, nowMs) {
    const question = { ...parseQuestion("insightStatements", search), limit: MOST };
    const { statements, statementCount, range } = await insightStatements(db(), question, nowMs);
    const about = { of: placeOf(question), range, more: statementCount - statements.length };
    return tableOf(about, serviceStatements(question.percentiles), statements);
  },
  async stopped(search, nowMs) {
    const question = { ...parseQuestion("insightKills", search), limit: MOST };
    const { kills, stops, killCount, stopCount, range } = await insightKills(db(), question, nowMs);
    const rows = stoppedRows(kills, stops);
    return tableOf({ of: placeOf(question), range, more: killCount + stopCount - rows.length }, STOPPED, rows);
  },
  async "stopped-statements"(search, nowMs) {
    const question = parseQuestion("insightKills", search);
    const { groups, range } = await insightKills(db(), question, nowMs);
    return tableOf({ of: placeOf(question), range }, STOPPED_GROUPS, groups);
  },
  async "slow-requests"(search, nowMs) {
    const question = { ...parseQuestion("insightRequests", search), limit: MOST };
    const { requests, range } = await insightRequests(db(), question, nowMs);
    return tableOf({ of: placeOf(question), range }, SLOW_REQUESTS, requests);
  },
  async repeated(search, nowMs) {
    const question = { ...parseQuestion("insightRepeats", search), limit: MOST };
    const { repeats, repeatCount, range } = await insightRepeats(db(), question, nowMs);
    return tableOf({ of: placeOf(question), range, more: repeatCount - repeats.length }, REPEATED, repeats);
  },
  async trials(search, nowMs) {
    const question = parseQuestion("insightTrials", search);
    const { trials, range } = await insightTrials(db(), question, nowMs);
    return tableOf({ of: placeOf(question), range }, TRIALS, trialRows(trials));
  },
  async "prefill-candidates"(search, nowMs) {
    const q = taken(search, "q");
    const definition = taken(search, "of");
    const question = { ...parseQuestion("prefillCandidates", search), limit: MOST };
    const { candidates, range } = await prefillCandidates(db(), question, nowMs);
    return tableOf({ of: placeOf(question), range }, CANDIDATES, foundCandidates(candidates, definition, q));
  },
};
