import { createReceiver, listReceivers } from "@/lib/alerts/delivery/receivers";
import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { readJson } from "@/lib/auth/read-json";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { whoIs } from "@/lib/auth/who-is";
import { db, parseQuestion } from "@/lib/query";
import { NEW_RECEIVER } from "@/lib/query/alert-receiver-schemas";

export const dynamic = "force-dynamic";

export const GET = handle(async (request) => {
  await requireScope(request, "read");
  parseQuestion("none", new URL(request.url).searchParams);
  return Response.json({ receivers: await listReceivers(db()) });
});

export const POST = handle(async (request) => {
  const by = whoIs(await requireScope(request, "write"));
  const made = await createReceiver(db(), await readJson(request, NEW_RECEIVER), { by, nowMs: Date.now() });
  return Response.json(made, { status: 201, headers: { "cache-control": "no-store" } });
});

export const { PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET", "POST");
