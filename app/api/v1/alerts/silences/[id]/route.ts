import { changeSilence, removeSilence } from "@/lib/alerts/silences";
import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { readJson } from "@/lib/auth/read-json";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { db } from "@/lib/query";
import { SILENCE_CHANGE } from "@/lib/query/alert-mute-schemas";

export const dynamic = "force-dynamic";

type Context = { params: Promise<{ id: string }> };

export const PATCH = handle(async (request, { params }: Context) => {
  await requireScope(request, "write");
  const changes = await readJson(request, SILENCE_CHANGE);
  return Response.json(await changeSilence(db(), (await params).id, { changes, nowMs: Date.now() }));
});

export const DELETE = handle(async (request, { params }: Context) => {
  await requireScope(request, "write");
  await removeSilence(db(), (await params).id);
  return new Response(null, { status: 204 });
});

export const { GET, POST, PUT, OPTIONS } = refuseAllBut("PATCH", "DELETE");
