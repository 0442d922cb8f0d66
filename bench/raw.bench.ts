// The same ten million requests in tailfill (by its real way: recorder, batch, ingest's table, fold, roll-up, the API's question), in
// Prometheus' classic buckets, in OpenTelemetry's exponential histogram, and as raw rows in PostgreSQL: how far percentiles are off, and
// how long a question takes.
import { createHash, randomUUID } from "node:crypto";
import { Client } from "pg";
import { endpoints } from "../lib/query/index.ts";
import { Folder } from "../lib/rollup/fold.ts";
import { rollUp } from "../lib/rollup/roll-up.ts";
import { Recorder } from "../lib/sdk/src/recorder/recorder.ts";
import { storeBatch } from "../lib/store/batches.ts";
import { type Db, openDb } from "../lib/store/db.ts";
import { ensurePartitions } from "../lib/store/partitions.ts";
import { encodeBatchInSlices } from "../lib/wire/index.ts";
import { classicHistogram, exponentialHistogram, type Quantiles } from "./histogram-peers.ts";
import { emptyBenchDatabase } from "./query-database.ts";
import { median, type Row, short } from "./rounds.ts";
import { seeded, shapes } from "./samples.ts";

const SAMPLES = 10_000_000;
const WINDOW_MS = 10_000;
const WINDOWS = 720;
const AT_ONCE = 100_000;
const QS = [95, 99];
const ROUNDS = 9;
/** What the raw rows' question may sort in memory: PostgreSQL's default of `npm start`, and more than it needs. */
const WORK_MEM = ["8MB", "1GB"];

/** Two hours that ended a while ago. */
const FROM_MS = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 3 * 3_600_000;
const TO_MS = FROM_MS + WINDOWS * WINDOW_MS;

/** The latencies of one window; the same ones each time. */
function* samplesOf(window: number): Generator<number> {
  const random = seeded(window + 1);
  for (let n = Math.floor((SAMPLES * window) / WINDOWS); n < Math.floor((SAMPLES * (window + 1)) / WINDOWS); n++)
    yield shapes["lognormal"]!(random) * (random() < 0.03 ? 12 : 1);
}

export default async function bench(): Promise<Row[]> {
  const database = await emptyBenchDatabase();
  const db = openDb(database.url);
  const client = new Client({ connectionString: database.url });
  try {
    await client.connect();
    const rows = await rawRows(client);
    const exact = rows.at(-1)!.values;
    const ours = await inTailfill(db);
    const peers = [
      await measured("Prometheus, classic buckets", classicHistogram()),
      await measured("OpenTelemetry, exponential", exponentialHistogram()),
    ];
    return [ours, ...peers, ...rows].map(({ what, values, ms, cpuMs }) => ({
      what,
      ...Object.fromEntries(
        QS.map((q, at) => [`p${q} off by %`, short((100 * Math.abs(values[at]! - exact[at]!)) / exact[at]!, 2)]),
      ),
      "question, ms": short(ms, 3),
      "times ours": short(ms / ours.ms, 1),
      "CPU ms of this process": short(cpuMs, 2),
    }));
  } finally {
    await client.end();
    await db.$disconnect();
    await database.stop();
  }
}

interface Measured {
  what: string;
  values: readonly number[];
  ms: number;
  cpuMs: number;
}

/** Asks a few times, once before without measuring. */
async function timed(what: string, ask: () => Promise<readonly number[]>, rounds = ROUNDS): Promise<Measured> {
  let values = await ask();
  const times: number[] = [];
  const cpus: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const [startedMs, before] = [performance.now(), process.cpuUsage()];
    values = await ask();
    times.push(performance.now() - startedMs);
    const { user, system } = process.cpuUsage(before);
    cpus.push((user + system) / 1_000);
  }
  return { what, values, ms: median(times), cpuMs: median(cpus) };
}

/** In this process and without a network: what a server of theirs would add is left out. */
async function measured(what: string, { record, quantiles }: Quantiles): Promise<Measured> {
  for (let window = 0; window < WINDOWS; window++) for (const us of samplesOf(window)) record(us);
  const startedMs = performance.now();
  const values = await quantiles(QS);
  const ms = performance.now() - startedMs;
  return { what: `${what} (in process)`, values, ms, cpuMs: ms };
}

async function inTailfill(db: Db): Promise<Measured> {
  await ensurePartitions(db, TO_MS);
  const folder = new Folder(db);
  const recorder = new Recorder();
  for (let window = 0; window < WINDOWS; window++) {
    for (const us of samplesOf(window)) recorder.record("GET", "/raw", "ok", us, undefined);
    await send(db, recorder, FROM_MS + window * WINDOW_MS);
    if (window % 60 === 59) await folder.fold();
  }
  await folder.fold();
  await rollUp(db, TO_MS + 3_600_000);
  const range = { from: new Date(FROM_MS).toISOString(), to: new Date(TO_MS).toISOString() };
  const question = { service: "raw", environment: "bench", ...range, percentiles: QS };
  return timed("tailfill", async () => {
    const {
      endpoints: [row],
    } = await endpoints(Object.create(db) as Db, question, TO_MS + 3_600_000); // nothing kept of before
    if (row?.count !== SAMPLES) throw new Error(`tailfill counted ${row?.count} of ${SAMPLES}`);
    return QS.map((q) => row.percentiles[`p${q}Us`]!);
  });
}

async function send(db: Db, recorder: Recorder, startMs: number): Promise<void> {
  const batch = randomUUID();
  const source = { batch, service: "raw", environment: "bench", instance: "web-1" };
  const encoding = encodeBatchInSlices(recorder.swap(), { ...source, window: { startMs, seconds: WINDOW_MS / 1_000 } });
  let step = encoding.next();
  while (!step.done) step = encoding.next();
  const payload = step.value;
  const digest = createHash("sha256").update(payload).digest();
  await storeBatch(db, { id: batch, service: "raw", environment: "bench", windowStartMs: startMs, digest, payload });
}

/** A row a request, with the index that such a table would have. */
async function rawRows(client: Client): Promise<Measured[]> {
  await client.query("SET statement_timeout = 0");
  await client.query("CREATE TABLE raw_request (endpoint_id int, at timestamptz, latency_us bigint)");
  let [at, latency]: [number[], number[]] = [[], []];
  const flush = async () => {
    await client.query(
      "INSERT INTO raw_request SELECT 1, to_timestamp(t / 1000.0), l FROM unnest($1::float8[], $2::bigint[]) AS r (t, l)",
      [at, latency],
    );
    [at, latency] = [[], []];
  };
  for (let window = 0; window < WINDOWS; window++) {
    for (const us of samplesOf(window)) {
      at.push(FROM_MS + window * WINDOW_MS);
      latency.push(us);
      if (at.length === AT_ONCE) await flush();
    }
  }
  if (at.length > 0) await flush();
  await client.query("CREATE INDEX ON raw_request (endpoint_id, at)");
  await client.query("VACUUM ANALYZE raw_request");
  const found: Measured[] = [];
  for (const memory of WORK_MEM) {
    await client.query(`SET work_mem = '${memory}'`);
    found.push(await timed(`raw rows, percentile_cont, work_mem ${memory}`, () => askRaw(client), 3));
  }
  return found;
}

async function askRaw(client: Client): Promise<readonly number[]> {
  const { rows } = await client.query<{ values: number[] }>(
    `SELECT percentile_cont($1::float8[]) WITHIN GROUP (ORDER BY latency_us) AS values FROM raw_request
     WHERE endpoint_id = 1 AND at >= $2 AND at < $3`,
    [QS.map((q) => q / 100), new Date(FROM_MS), new Date(TO_MS)],
  );
  return rows[0]!.values;
}
