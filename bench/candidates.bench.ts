import { buildProfiles } from "../lib/prefill/build-profiles.ts";
import { prefillCandidates } from "../lib/prefill/candidates-answer.ts";
import { makePlan } from "../lib/prefill/make-plan.ts";
import { parseQuestion } from "../lib/query/index.ts";
import type { Db } from "../lib/store/db.ts";
import type { Scope } from "../lib/store/scopes.ts";
import { benchDatabase } from "./query-database.ts";
import { DECISIONS, HOURS, makeDecisions, makeManyDefinitions, makeVisits, USERS } from "./prefill-database.ts";
import { collect, median, type Row, short } from "./rounds.ts";

/** 37 minutes past an hour. */
const NOW = Math.floor(Date.now() / 3_600_000) * 3_600_000 + 37 * 60_000;
const ROUNDS = 5;

/** What planning prefill costs the worker, and how long candidates take to answer, on a generated database. */
export default async function bench(): Promise<Row[]> {
  const { db, stop } = await benchDatabase();
  const rows: Row[] = [];
  try {
    const one = await makeVisits(db, NOW);
    const build = (nowMs: number) => buildProfiles(db, one.subject, { nowMs, most: 50_000 });
    const first = `profiles of ${USERS} users from ${HOURS} h of windows, the first time`;
    rows.push(await measured(first, null, () => build(NOW), { rounds: 1 }));
    // Ever later within the hour, so that only what is not settled is read again.
    let later = NOW;
    rows.push(
      await measured("the same with what came since", null, () => build((later += 31 * 60_000)), { rounds: 1 }),
    );
    await makeDecisions(db, one.scope, one.subject, NOW);
    rows.push(...(await questions(db, one.scope, `1 definition, ${USERS} users, ${DECISIONS} decisions`)));
    const many = await makeManyDefinitions(db, NOW);
    rows.push(...(await questions(db, many, "100 definitions of 500 users with a profile")));
    return rows;
  } finally {
    await stop();
  }
}

async function questions(db: Db, scope: Scope, what: string): Promise<Row[]> {
  const { service, environment } = scope;
  let nowMs = NOW;
  const ask = (parameters: Record<string, string> = {}) => {
    const question = new URLSearchParams({ service, environment, ...parameters });
    return prefillCandidates(db, parseQuestion("prefillCandidates", question), nowMs);
  };
  let other = 300_000;
  const budget = () => String(other++ - 299_900);
  return [
    await measured(`plan: ${what}`, 10_000, () => makePlan(db, scope, ++nowMs), { rounds: 3 }),
    await measured(`candidates: ${what}`, 500, () => ask()),
    await measured("what if the target were another", 500, () => ask({ targetUs: String(other++) })),
    await measured("what if the budget were another", 300, () =>
      ask({ targetUs: "300000", budgetSecondsPerHour: budget() }),
    ),
    await measured("the same for the lowest p99", 300, () =>
      ask({ targetUs: "300000", goal: "p99", budgetSecondsPerHour: budget() }),
    ),
  ];
}

type Work = () => Promise<unknown>;

async function measured(what: string, target: number | null, work: Work, { rounds = ROUNDS } = {}): Promise<Row> {
  const times: number[] = [];
  const cpus: number[] = [];
  let most = 0;
  for (let round = 0; round < rounds; round++) {
    collect();
    const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
    const started = performance.now();
    const before = process.cpuUsage();
    await work();
    times.push(performance.now() - started);
    const { user, system } = process.cpuUsage(before);
    cpus.push((user + system) / 1_000);
    clearInterval(timer);
    most = Math.max(most, process.memoryUsage.rss());
  }
  return {
    what,
    "median ms": short(median(times)),
    "most ms": short(Math.max(...times)),
    // What a busy machine does not blur as much; without the database's part.
    "CPU ms of this process": short(median(cpus)),
    "RSS MB": Math.round(most / 1e6),
    "target ms": target,
  };
}
