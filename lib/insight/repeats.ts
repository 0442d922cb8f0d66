import {
  costOfRepeat,
  isProblem,
  judgeRepeat,
  mergeRepeats,
  noRepeats,
  type RepeatKind,
  type RepeatSums,
} from "../loading/index.ts";
import type { InsightRepeatsAnswer, RepeatRow } from "../query/loading-answer-schemas.ts";
import type { QuestionOf } from "../query/question.ts";
import { readingOf } from "../query/reading.ts";
import type { Db } from "../store/db.ts";
import { repeatsIn, type StoredRepeat } from "../store/insight-loading.ts";
import { textsOf } from "../store/insight-statements.ts";
import { findScope } from "../store/scopes.ts";
import { snapshot } from "../store/snapshot.ts";
import { endpointIdsByName } from "../store/database-series.ts";
import { hoursOf, MOST_ROWS } from "./hours.ts";

/**
 * The statements that requests of a service ran again and again in a range, those that cost most first. What repeats them is judged by the
 * hours of all instances together.
 * @throws TailfillError `bad_request` for a bad range
 */
export async function insightRepeats(
  db: Db,
  question: QuestionOf<"insightRepeats">,
  nowMs: number,
): Promise<InsightRepeatsAnswer> {
  const { range, span } = hoursOf(readingOf(question, nowMs));
  const scope = await findScope(db, question.service, question.environment);
  if (scope === null) return { range, told: false, repeats: [], repeatCount: 0, partial: false };
  return snapshot(db, async (connection) => {
    const rows = await repeatsIn(connection, scope.id, span);
    const judged = groupRepeats(rows)
      .map(judge)
      .filter(({ kind }) => question.all || isProblem(kind))
      .sort((a, b) => costOf(b) - costOf(a) || (a.statementId < b.statementId ? -1 : 1));
    const listed = judged.slice(0, question.limit);
    const texts = await textsOf(
      connection,
      scope.serviceId,
      listed.map(({ statementId }) => statementId),
    );
    const ids = await endpointIdsByName(connection, question);
    const repeats = listed.map(({ endpoint, ...row }) => ({
      ...row,
      statement: texts.get(row.statementId) ?? null,
      endpoint: { name: endpoint, id: ids.get(endpoint) ?? null },
    }));
    return { range, told: rows.length > 0, repeats, repeatCount: judged.length, partial: rows.length >= MOST_ROWS };
  });
}

type Judged = Omit<RepeatRow, "endpoint" | "statement"> & { endpoint: string };

const costOf = ({ savedP95Us, affected }: Judged): number => (savedP95Us ?? 0) * affected;

/** The hours of one statement at one endpoint; the last ones say where it stands. */
interface Group {
  last: StoredRepeat;
  hours: StoredRepeat[];
}

function groupRepeats(rows: readonly StoredRepeat[]): Group[] {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const key = JSON.stringify([row.endpoint, row.statementId]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { last: row, hours: [row] });
    else group.hours.push(row);
  }
  return [...groups.values()];
}

function judge({ last, hours }: Group): Judged {
  const sums = noRepeats();
  for (const { about } of hours) mergeRepeats(sums, sumsOf(about));
  const { kind, confidence, parent, slope, explained } = judgeRepeat(last.about, sums);
  return {
    endpoint: last.endpoint,
    statementId: last.statementId,
    kind,
    confidence,
    slope,
    explained,
    op: last.about.op,
    parentStatement: parent?.fingerprint ?? null,
    parentOp: parent?.op ?? null,
    site: hours.find(({ about }) => about.site !== null)?.about.site ?? null,
    fix: fixFor(kind, hours),
    ...costOfRepeat(sums),
  };
}

function fixFor(kind: RepeatKind, hours: readonly StoredRepeat[]): string | null {
  if (kind !== "n_plus_one" && kind !== "duplicates" && kind !== "write_loop") return null;
  return hours.find(({ about }) => about.fixes[kind] !== undefined)?.about.fixes[kind] ?? null;
}

function sumsOf(about: StoredRepeat["about"]): RepeatSums {
  const parents = about.parents.map(({ statement, op, ...sums }) => {
    return { ...sums, fingerprint: statement, op: op ?? undefined };
  });
  return { ...about, counts: new Map(about.counts), saved: new Map(about.saved), parents };
}
