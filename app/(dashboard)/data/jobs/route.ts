import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { jobStatuses } from "@/lib/jobs/status";
import { db } from "@/lib/query";

export const GET = handle(async (request) => {
  await requireScope(request, "read");
  const readAt = Date.now();
  return Response.json({ jobs: await jobStatuses(db(), readAt), readAt });
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
