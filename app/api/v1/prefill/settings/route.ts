import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { readJson } from "@/lib/auth/read-json";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { whoIs } from "@/lib/auth/who-is";
import { changePrefillSettings, prefillSettings } from "@/lib/prefill/settings";
import { db, parseQuestion } from "@/lib/query";
import { SETTING_CHANGE } from "@/lib/query/prefill-answer-schemas";

export const dynamic = "force-dynamic";

const scopeIn = (request: Request) => parseQuestion("prefillSettings", new URL(request.url).searchParams);

export const GET = handle(async (request) => {
  await requireScope(request, "read");
  return Response.json(await prefillSettings(db(), scopeIn(request), Date.now()));
});

/** Mode, goal, target, budget and shares. Apps act on a change within 2 s. */
export const PATCH = handle(async (request) => {
  const by = whoIs(await requireScope(request, "write"));
  const changes = await readJson(request, SETTING_CHANGE);
  return Response.json(await changePrefillSettings(db(), scopeIn(request), { changes, by, nowMs: Date.now() }));
});

export const { POST, PUT, DELETE, OPTIONS } = refuseAllBut("GET", "PATCH");
