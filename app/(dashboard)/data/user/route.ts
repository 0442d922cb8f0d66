import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { readUserAnswer } from "./read-user";

export const GET = handle(async (request) => {
  await requireScope(request, "read");
  return Response.json(await readUserAnswer(new URL(request.url).search));
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
