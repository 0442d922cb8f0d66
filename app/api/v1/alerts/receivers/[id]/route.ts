import { changeReceiver, oneReceiver, removeReceiver } from "@/lib/alerts/delivery/receivers";
import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { readJson } from "@/lib/auth/read-json";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { db, parseQuestion } from "@/lib/query";
import { RECEIVER_CHANGE } from "@/lib/query/alert-receiver-schemas";

export const dynamic = "force-dynamic";

type Context = { params: Promise<{ id: string }> };

export const GET = handle(async (request, { params }: Context) => {
  await requireScope(request, "read");
  parseQuestion("none", new URL(request.url).searchParams);
  return Response.json(await oneReceiver(db(), (await params).id));
});

export const PATCH = handle(async (request, { params }: Context) => {
  await requireScope(request, "write");
  const changes = await readJson(request, RECEIVER_CHANGE);
  return Response.json(await changeReceiver(db(), (await params).id, changes));
});

export const DELETE = handle(async (request, { params }: Context) => {
  await requireScope(request, "write");
  await removeReceiver(db(), (await params).id);
  return new Response(null, { status: 204 });
});

export const { POST, PUT, OPTIONS } = refuseAllBut("GET", "PATCH", "DELETE");
