import { lossesIn, refusalsIn } from "../store/catalog.ts";
import type { Db } from "../store/db.ts";
import { firstWindow } from "../store/first-window.ts";
import { snapshot } from "../store/snapshot.ts";
import { lossUnitOf } from "../wire/index.ts";
import type { LossesAnswer } from "./answers.ts";
import { Stopwatch, toMinutes } from "./frame.ts";
import type { QuestionOf } from "./question.ts";
import { sumByReason } from "./sum-by-reason.ts";
import { rangeOf } from "./time.ts";

/**
 * What could not be kept in a range: samples by service, environment and reason, and requests refused whole.
 * @throws TailfillError `bad_request` for a bad range.
 */
export async function losses(db: Db, question: QuestionOf<"losses">, nowMs: number): Promise<LossesAnswer> {
  const watch = new Stopwatch();
  const range = toMinutes(rangeOf(question, nowMs));
  const scoped = {
    service: question.service,
    environment: question.environment,
    fromMs: range.fromSeconds * 1_000,
    toMs: range.toSeconds * 1_000,
  };
  const read = await snapshot(db, async (connection) => ({
    lost: await lossesIn(connection, scoped),
    firstSeconds: await firstWindow(connection, question),
    refused: await refusalsIn(connection, scoped),
  }));
  const services: LossesAnswer["services"] = [];
  for (const { service, environment, reason, count } of read.lost) {
    const last = services.at(-1);
    const same = last?.service === service && last.environment === environment;
    const loss = { reason, count, unit: lossUnitOf(reason) };
    if (same) last.losses.push(loss);
    else services.push({ service, environment, losses: [loss] });
  }
  const all = sumByReason(services.flatMap((one) => one.losses));
  const nothing = all.length + read.refused.length === 0 ? "none_in_range" : null;
  const frame = watch.frame(range, { ...read, losses: all, nothing, nowSeconds: nowMs / 1_000 });
  return { ...frame, services, refused: read.refused };
}
