import { z } from "zod";
import { createRule, listRules } from "@/lib/alerts/rules";
import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { readJson } from "@/lib/auth/read-json";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { whoIs } from "@/lib/auth/who-is";
import { db, parseQuestion } from "@/lib/query";

export const dynamic = "force-dynamic";

export const GET = handle(async (request) => {
  await requireScope(request, "read");
  parseQuestion("none", new URL(request.url).searchParams);
  return Response.json({ rules: await listRules(db()) });
});

/** Takes a rule as docs/alerts.md describes it; tells every problem of a bad one. */
export const POST = handle(async (request) => {
  const by = whoIs(await requireScope(request, "write"));
  const id = await createRule(db(), await readJson(request, z.unknown()), { by, nowMs: Date.now() });
  return Response.json({ id }, { status: 201 });
});

export const { PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET", "POST");
