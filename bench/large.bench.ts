import { overview, tailUsers } from "../lib/query/index.ts";
import { benchDatabase, makeEndpoints, makeUsers, WIDE } from "./query-database.ts";
import { anew, measureQuestion, NOW } from "./question-rows.ts";
import type { Row } from "./rounds.ts";

const PERCENTILES = [50, 95, 99, 99.9];
const USERS = 100_000;

/** Server time of the largest questions: a thousand endpoints over a month, and the tail of a hundred thousand users. */
export default async function bench(): Promise<Row[]> {
  const { db, stop } = await benchDatabase();
  try {
    const ids = await makeEndpoints(db, NOW, WIDE);
    await makeUsers(db, ids[0]!, NOW, USERS);
    const month = { service: "shop", environment: "production", from: "now-30d", to: "now", percentiles: PERCENTILES };
    const tail = { id: ids[0]!, from: "now-24h", to: "now", tail: 95, limit: 50 };
    const name = `overview, ${WIDE.endpoints} endpoints, 30 d`;
    return [
      await measureQuestion(name, 300, (now) => overview(db, month, now)),
      await measureQuestion("the same, asked for the first time", null, (now) => overview(anew(db), month, now)),
      await measureQuestion(`the tail of ${USERS} users, 24 h`, 500, (now) => tailUsers(db, tail, now)),
    ];
  } finally {
    await stop();
  }
}
