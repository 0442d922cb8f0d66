import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { PlanPulse } from "../store/prefill-instances.ts";
import type { StoredPlan } from "../store/prefill-plans.ts";
import type { PrefillPlan } from "../wire/index.ts";

/** What an app gets: the plan as JSON, packed when it is asked for so, under its ETag. */
export interface PlanAnswer {
  etag: string;
  json: Buffer;
  gzip: () => Buffer;
}

/** What a plan is put together from. */
export interface PlanParts {
  service: string;
  environment: string;
  pulse: PlanPulse | null;
  /** The stored plan, and when it was made; `null` before the first. */
  text: string | null;
  madeAtMs: number | null;
}

/** The plan of nothing: for a service that has sent nothing yet, and before the first plan is made. It is too old to be acted on. */
const NOTHING: StoredPlan = { price: 0, budgetSecondsPerHour: 0, definitions: [] };
const UNSET = { mode: "observe", withheldShare: 0.1, holdOutShare: 0, salt: "", concurrency: 1 } as const;

/** The plan of a service and environment for one of its instances. The ETag covers all of it. */
export function planAnswerOf({ service, environment, pulse, text, madeAtMs }: PlanParts): PlanAnswer {
  const stored = text === null ? NOTHING : (JSON.parse(text) as StoredPlan);
  const { mode, withheldShare, holdOutShare, salt, concurrency } = pulse ?? UNSET;
  const budget = pulse?.budgetSecondsPerHour ?? stored.budgetSecondsPerHour;
  const plan: PrefillPlan = {
    v: 1,
    service,
    environment,
    madeAtMs: madeAtMs ?? 0,
    mode,
    withheldShare,
    holdOutShare,
    salt,
    budgetSecondsPerHour: budget / Math.max(1, pulse?.instances ?? 1),
    price: stored.price,
    concurrency,
    foregroundP95Us: pulse?.foregroundP95Us ?? null,
    definitions: stored.definitions,
  };
  const json = Buffer.from(JSON.stringify(plan));
  const etag = `"${createHash("sha256").update(json).digest("base64url").slice(0, 22)}"`;
  let packed: Buffer | undefined;
  return { etag, json, gzip: () => (packed ??= gzipSync(json, { level: 1 })) };
}

/** The answer to a question with these headers: 304 when the sender has this very plan. */
export function planResponse({ etag, json, gzip }: PlanAnswer, asked: Headers): Response {
  const headers = new Headers({
    etag,
    "cache-control": "no-cache",
    vary: "accept-encoding",
    date: new Date().toUTCString(),
  });
  if (namesTag(asked.get("if-none-match"), etag)) return new Response(null, { status: 304, headers });
  headers.set("content-type", "application/json");
  const packs = /(^|[\s,])gzip($|[\s,;])/i.test(asked.get("accept-encoding") ?? "");
  if (packs) headers.set("content-encoding", "gzip");
  return new Response(new Uint8Array(packs ? gzip() : json), { headers });
}

/** Whether `If-None-Match` names this tag. A proxy that packs answers may have made the tag a weak one. */
function namesTag(header: string | null, etag: string): boolean {
  if (header === null) return false;
  return header.split(",").some((one) => one.trim() === "*" || one.trim().replace(/^W\//, "") === etag);
}
