import type { Clock } from "../clock.ts";
import type { CachedSettings } from "./options.ts";
import { reportLoad } from "./report.ts";

/** Runs a visit's load without a cache. Rejects with what it rejects with. */
export async function loadAlone<Value>(settings: CachedSettings<Value>, user: string, clock: Clock): Promise<Value> {
  const startMs = clock.monotonicMs();
  let ok = false;
  try {
    const value = await settings.load(user, { reason: "visit", signal: new AbortController().signal });
    ok = true;
    return value;
  } finally {
    reportLoad(settings.name, user, { ok, tookUs: Math.round((clock.monotonicMs() - startMs) * 1_000) });
  }
}
