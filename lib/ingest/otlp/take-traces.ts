import { saveStatements } from "../../store/insight-statements.ts";
import { noteSpans, scopeOf } from "../../store/otlp-scopes.ts";
import { withinTime } from "../../store/within-time.ts";
import { checkDisk, checkRate, type IngestContext } from "../accept.ts";
import { type Export, readExport } from "./read-export.ts";
import { readTraces } from "./read-traces.ts";
import { type Exported, storeBatches, withPartitions } from "./store-export.ts";
import { translateTraces, type TranslatedTraces } from "./translate-traces.ts";
import { countedBy } from "./wanted.ts";

/**
 * Takes in an export of spans. When this returns, it is committed; sent again, it changes nothing.
 * @throws TailfillError for whatever is refused as a whole
 */
export async function acceptTraces(request: Request, context: IngestContext): Promise<Exported> {
  checkRate({ context });
  await checkDisk({ context });
  const countsRequests = countedBy(request) !== "metrics";
  const told = await readExport(request, "traces");
  const nowMs = context.clock.now();
  const translated = translateTraces(readTraces(told.body), { nowMs, countsRequests });
  await withinTime(withPartitions(context, () => store(told, translated, { context, countsRequests })));
  const { rejected, reason } = translated.collector;
  return { rejected, reason };
}

/** First what may be told twice: only the batches must not be known while the rest is not. */
async function store(
  told: Export,
  { collector, statements, served }: TranslatedTraces,
  { context, countsRequests }: { context: IngestContext; countsRequests: boolean },
): Promise<void> {
  const { db, clock, keyId } = context;
  const atMs = clock.now();
  for (const { source, texts } of statements.values()) {
    const { serviceId } = await scopeOf(db, source);
    await saveStatements(db, serviceId, { statements: [...texts.values()], atMs });
  }
  for (const source of countsRequests ? served.values() : []) await noteSpans(db, (await scopeOf(db, source)).id, atMs);
  await storeBatches(db, told, { filled: collector.filled(), keyId });
}
