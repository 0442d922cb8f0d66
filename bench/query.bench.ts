import { endpoint, endpoints, overview, series, tailUsers, user } from "../lib/query/index.ts";
import type { Db } from "../lib/store/db.ts";
import { benchDatabase, ENDPOINTS, makeEndpoints, makeUsers, USERS } from "./query-database.ts";
import { anew, type Ask, measureQuestion, NOW } from "./question-rows.ts";
import type { Row } from "./rounds.ts";

const PERCENTILES = [50, 95, 99, 99.9];
/** Server time of the questions that pages ask, on a generated database. */
export default async function bench(): Promise<Row[]> {
  const { db, stop } = await benchDatabase();
  try {
    const ids = await makeEndpoints(db, NOW);
    await makeUsers(db, ids[0]!, NOW);
    const rows: Row[] = [];
    for (const [name, [target, ask]] of Object.entries(questions(db, ids[0]!)))
      rows.push(await measureQuestion(name, target, ask));
    return rows;
  } finally {
    await stop();
  }
}

function questions(db: Db, id: number): Record<string, [target: number | null, Ask]> {
  const percentiles = PERCENTILES;
  const scope = { service: "shop", environment: "production" };
  const last = (length: string) => ({ from: `now-${length}`, to: "now", percentiles });
  const tail = (length: string, limit = 50) => ({ id, from: `now-${length}`, to: "now", tail: 95, limit });
  return {
    [`overview, ${ENDPOINTS} endpoints, 24 h`]: [100, (now) => overview(db, { ...scope, ...last("24h") }, now)],
    "the same, asked for the first time": [null, (now) => overview(anew(db), { ...scope, ...last("24h") }, now)],
    "the same with the day before": [null, (now) => overview(db, { ...scope, ...last("24h"), compare: "before" }, now)],
    "overview, 1 h": [null, (now) => overview(db, { ...scope, ...last("1h") }, now)],
    "endpoints, 24 h": [null, (now) => endpoints(db, { ...scope, ...last("24h") }, now)],
    "endpoint, 30 d": [50, (now) => endpoint(db, { id, ...last("30d") }, now)],
    "endpoint, 24 h": [null, (now) => endpoint(db, { id, ...last("24h") }, now)],
    "endpoint, 1 h": [null, (now) => endpoint(db, { id, ...last("1h") }, now)],
    "series, 24 h": [null, (now) => series(db, { id, ...last("24h") }, now)],
    [`${USERS} users in the tail, 24 h`]: [150, (now) => tailUsers(db, tail("24h"), now)],
    "the same, 1,000 listed": [null, (now) => tailUsers(db, tail("24h", 1_000), now)],
    "users in the tail, 1 h": [null, (now) => tailUsers(db, tail("1h"), now)],
    "one user, 24 h": [null, (now) => user(db, { user: "user-7", ...scope, ...last("24h"), tail: 95 }, now)],
  };
}
