import { createHash } from "node:crypto";
import { addPayload, addUsed, COUNTS_LENGTH, encodePayload, newCounts, totalOf } from "@/lib/histogram/index";
import { storeBatch } from "@/lib/store/batches";
import type { Db } from "@/lib/store/db";
import { eachEndpointWindow } from "@/lib/store/endpoint-pack";
import { ENDPOINT_TIERS, USER_TIERS } from "@/lib/store/tiers";
import { keyOf } from "@/lib/store/user-key";
import { eachUser, KINDS } from "@/lib/store/user-pack";
import { readEndpointRows, readUserRows } from "@/lib/store/windows";
import { type Batch, encodeBatch, OUTCOMES } from "@/lib/wire/index";

const ALWAYS = { fromMs: Date.parse("2000-01-01"), toMs: Date.parse("2100-01-01") };

/** Puts a batch where ingest would put it. */
export async function store(db: Db, batch: Batch) {
  const payload = encodeBatch(batch);
  const digest = createHash("sha256").update(payload).digest();
  const { batch: id, service, environment, window } = batch;
  return storeBatch(db, { id, service, environment, windowStartMs: window.startMs, digest, payload });
}

async function endpointNames(db: Db): Promise<Map<number, string>> {
  const rows = await db.endpoint.findMany({ include: { service: true } });
  return new Map(
    rows.map((e) => [e.id, `${e.service.name} ${e.environment} ${e.total ? "total" : `${e.method} ${e.route}`}`]),
  );
}

type Sums = Map<string, ReturnType<typeof newCounts>>;

/** What a tier shows: payload in hex by "endpoint | window | outcome", finer rows not rolled up yet included. */
export async function endpointWindows(db: Db, tier: number): Promise<Map<string, string>> {
  const names = await endpointNames(db);
  const sums: Sums = new Map();
  for (const row of await readEndpointRows(db, { tier, endpointIds: [...names.keys()], ...ALWAYS }))
    eachEndpointWindow(row.payload, (offset, outcome, bytes, start, end) => {
      const at = row.startMs + offset * ENDPOINT_TIERS[row.tier]!.windowSeconds * 1000;
      const wide = ENDPOINT_TIERS[tier]!.windowSeconds * 1000;
      const key = `${names.get(row.endpointId)} | ${time(Math.floor(at / wide) * wide)} | ${OUTCOMES[outcome]}`;
      addUsed({ counts: countsOf(sums, key), low: COUNTS_LENGTH, high: -1 }, { bytes, start, end });
    });
  return inHex(sums);
}

/** The same of users, by "endpoint | window | user | kind". */
export async function userWindows(db: Db, tier: number): Promise<Map<string, string>> {
  const names = await endpointNames(db);
  const labels = new Map((await db.userLabel.findMany()).map(({ userKey, label }) => [userKey, label]));
  const sums: Sums = new Map();
  for (const row of await readUserRows(db, { tier, endpointIds: [...names.keys()], ...ALWAYS }))
    eachUser(row.payload, (high, low, { kind, bytes, start, end }) => {
      const wide = USER_TIERS[tier]!.windowSeconds * 1000;
      const window = time(Math.floor(row.startMs / wide) * wide);
      const user = labels.get(keyOf(high, low)) ?? `key ${keyOf(high, low)}`;
      addPayload(
        countsOf(sums, `${names.get(row.endpointId)} | ${window} | ${user} | ${KINDS[kind]}`),
        bytes,
        start,
        end,
      );
    });
  return inHex(sums);
}

/** The number of requests that a tier shows, by outcome of all endpoints (without the total rows). */
export async function requestCount(db: Db, tier: number): Promise<number> {
  let count = 0;
  for (const [key, hex] of await endpointWindows(db, tier)) if (!key.includes(" total |")) count += countInHex(hex);
  return count;
}

export function countInHex(hex: string): number {
  const counts = newCounts();
  addPayload(counts, Buffer.from(hex, "hex"));
  return totalOf(counts);
}

const time = (ms: number): string => new Date(ms).toISOString().replace(".000", "");

function countsOf(sums: Sums, key: string): ReturnType<typeof newCounts> {
  const counts = sums.get(key) ?? newCounts();
  sums.set(key, counts);
  return counts;
}

function inHex(sums: Sums): Map<string, string> {
  return new Map(
    [...sums]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, c]) => [key, Buffer.from(encodePayload(c)).toString("hex")]),
  );
}
