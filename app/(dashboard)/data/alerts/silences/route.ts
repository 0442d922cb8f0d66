import { muteBoard } from "@/lib/alerts/mute-board";
import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { db } from "@/lib/query";

export const GET = handle(async (request) => {
  await requireScope(request, "read");
  return Response.json(await muteBoard(db(), Date.now()));
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
