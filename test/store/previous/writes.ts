import { createApiKey, revokeApiKey } from "@/lib/auth/api-keys";
import { createFirstUser, createSetupLink } from "@/lib/auth/first-user";
import { acceptReport } from "@/lib/ingest/take-report";
import { Folder } from "@/lib/rollup/fold";
import { removeExpired } from "@/lib/rollup/retention";
import { rollUp } from "@/lib/rollup/roll-up";
import { beat } from "@/lib/store/alert-clock";
import type { Db } from "@/lib/store/db";
import { noteEnd, noteStart } from "@/lib/store/job-runs";
import { addRefusals } from "@/lib/store/losses";
import { ensurePartitions } from "@/lib/store/partitions";
import { makeRule, round as alertRound, seriesOf } from "../../alerts/database/support.ts";
import { live, round as prefillRound, slow } from "../../prefill-server/support.ts";
import { batchOf } from "../../support/batches.ts";
import { ingestContext, requestOf } from "../../support/ingest.ts";
import { insightIngested, killAt } from "../../support/insight.ts";
import { repeatsOf, trialOf } from "../../support/loading.ts";
import { OTLP_NOW, SHOP, attributes, nanosBefore, sendMetrics, sendTraces, tracesOf } from "../../support/otlp.ts";
import { decision, fillOf, reportOf, visitOf } from "../../support/reports.ts";
import { store } from "../../support/stored.ts";

/** When all of it happens. */
export const AT = OTLP_NOW;
const HOUR = 3_600_000;

/** A little of everything that a running tailfill writes, in an empty database. */
export async function writeOfEverything(db: Db): Promise<void> {
  await ensurePartitions(db, AT);
  await ingested(db);
  await planned(db);
  await alerted(db);
  await signedIn(db);
  await removeExpired(db, AT);
}

async function ingested(db: Db): Promise<void> {
  const batch = batchOf({ release: "1.8.0", losses: new Map([["buffer_full", 3]]) });
  for (const one of [batch, batch, batchOf({ window: { startMs: AT - HOUR, seconds: 10 } })]) await store(db, one);
  await new Folder(db).fold();
  await rollUp(db, AT + 72 * HOUR);
  const context = ingestContext(db);
  const sums = [{ count: "2", sum: 0.2, bucketCounts: ["1", "1"], explicitBounds: [0.1] }];
  for (const began of [20, 10])
    await sendMetrics(context, {
      resourceMetrics: [
        {
          resource: { attributes: attributes(SHOP) },
          scopeMetrics: [
            {
              metrics: [
                {
                  name: "http.server.request.duration",
                  unit: "s",
                  histogram: {
                    aggregationTemporality: 2,
                    dataPoints: sums.map((point) => ({
                      ...point,
                      startTimeUnixNano: nanosBefore(60),
                      timeUnixNano: nanosBefore(began),
                      attributes: attributes({ "http.request.method": "GET", "http.route": "/a" }),
                    })),
                  },
                },
              ],
            },
          ],
        },
      ],
    });
  await sendTraces(context, tracesOf([{}]));
  await insightIngested(db, AT, {
    kills: [killAt(AT - 1_000)],
    repeats: [repeatsOf([5, 9])],
    trials: [trialOf(20, 2)],
  });
  await addRefusals(db, [{ atMs: AT, code: "not_a_batch", count: 4 }]);
}

async function planned(db: Db): Promise<void> {
  const toMs = Math.floor(AT / HOUR) * HOUR;
  await live(db, [slow("ann"), slow("bob")], { fromMs: toMs - 6 * HOUR, toMs });
  await rollUp(db, AT);
  const one = decision(AT - 9_000);
  await acceptReport(requestOf(JSON.stringify(reportOf([one, fillOf(one), visitOf(one)]))), ingestContext(db));
  await prefillRound(db, AT);
}

async function alerted(db: Db): Promise<void> {
  await makeRule(db, { minCount: 1, forSeconds: 0 }, AT);
  for (let at = AT - 300_000; at < AT; at += 100_000)
    await store(
      db,
      batchOf({
        window: { startMs: Math.floor(at / 10_000) * 10_000, seconds: 10 },
        endpoints: [seriesOf({ us: 900_000, user: "ann" })],
      }),
    );
  await new Folder(db).fold();
  await beat(db, "web", AT);
  await alertRound(db, AT + 10_000);
  await noteStart(db, "fold", AT);
  await noteEnd(db, "fold", { startedMs: AT, endedMs: AT + 5 });
}

async function signedIn(db: Db): Promise<void> {
  await createSetupLink(db, AT);
  await createFirstUser(db, { email: "owner@example.test", password: "correct horse battery staple" });
  const { row } = await createApiKey({ name: "of a test", scopes: ["ingest"], createdBy: null }, db);
  await revokeApiKey(row.id, db);
}
