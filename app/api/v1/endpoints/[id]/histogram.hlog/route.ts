import { requireScope } from "@/lib/auth/access";
import { attachment } from "@/lib/auth/attachment";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { db, endpointIdOf, histogramLog, parseQuestion } from "@/lib/query";
import { streamOf } from "@/lib/text-stream";

export const dynamic = "force-dynamic";

/** An endpoint's latency over time as an HdrHistogram log. */
export const GET = handle<{ params: Promise<{ id: string }> }>(async (request, { params }) => {
  await requireScope(request, "read");
  const id = endpointIdOf((await params).id);
  const question = parseQuestion("histogramLog", new URL(request.url).searchParams);
  const { fileName, text } = await histogramLog(db(), { ...question, id }, Date.now());
  const headers = { "content-type": "text/plain; charset=utf-8", "content-disposition": attachment(fileName) };
  return new Response(streamOf(text), { headers });
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
