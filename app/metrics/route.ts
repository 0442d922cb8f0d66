import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { jobStatuses } from "@/lib/jobs/status";
import { db, expose, parseQuestion } from "@/lib/query";
import { formFor, MEDIA_TYPE } from "@/lib/query/exposition/negotiate";
import { streamOf } from "@/lib/text-stream";

export const dynamic = "force-dynamic";

/** For Prometheus: docs/prometheus.md. */
export const GET = handle(async (request) => {
  await requireScope(request, "read");
  const question = parseQuestion("metrics", new URL(request.url).searchParams);
  const form = formFor(request.headers.get("accept"));
  const nowMs = Date.now();
  const jobs = await jobStatuses(db(), nowMs);
  const pieces = await expose(db(), { ...question, form }, { nowMs, jobs });
  return new Response(streamOf(pieces), { headers: { "content-type": MEDIA_TYPE[form], vary: "accept" } });
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
