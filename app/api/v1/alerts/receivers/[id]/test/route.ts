import { testReceiver } from "@/lib/alerts/delivery/deliveries";
import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { db } from "@/lib/query";

export const dynamic = "force-dynamic";

type Context = { params: Promise<{ id: string }> };

/** Sends a test to a receiver, and waits for what becomes of it: up to 15 s. */
export const POST = handle(async (request, { params }: Context) => {
  await requireScope(request, "write");
  return Response.json(await testReceiver(db(), (await params).id));
});

export const { GET, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("POST");
