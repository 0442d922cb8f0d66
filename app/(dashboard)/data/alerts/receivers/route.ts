import { receiverBoard } from "@/lib/alerts/delivery/receiver-board";
import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { db } from "@/lib/query";

export const GET = handle(async (request) => {
  await requireScope(request, "read");
  return Response.json(await receiverBoard(db()));
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
