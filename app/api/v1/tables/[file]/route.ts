import { requireScope } from "@/lib/auth/access";
import { attachment } from "@/lib/auth/attachment";
import { handle } from "@/lib/auth/handle";
import { nothingHere } from "@/lib/auth/nothing-here";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { type TableAnswer, type TableForm, tableText } from "@/lib/query/tables/table";
import type { TableName } from "@/lib/query/tables/names";
import { streamOf } from "@/lib/text-stream";
import type { Ask } from "./asked";
import { INSIGHT_TABLES } from "./insight-tables";
import { LATENCY_TABLES } from "./latency-tables";
import { OTHER_TABLES } from "./other-tables";

export const dynamic = "force-dynamic";

const TABLES: Record<TableName, Ask> = { ...LATENCY_TABLES, ...INSIGHT_TABLES, ...OTHER_TABLES };
const TYPES: Record<TableForm, string> = { csv: "text/csv; charset=utf-8", json: "application/json" };

/** A table of a page as a file, every row of it: docs/api.md. */
export const GET = handle<{ params: Promise<{ file: string }> }>(async (request, { params }) => {
  await requireScope(request, "read");
  const [, name = "", form = ""] = /^([a-z-]+)\.(csv|json)$/.exec((await params).file) ?? [];
  const ask = Object.hasOwn(TABLES, name) ? TABLES[name as TableName] : undefined;
  if (ask === undefined) return nothingHere(request);
  const table = await ask(new URL(request.url).searchParams, Date.now());
  const headers = {
    "content-type": TYPES[form as TableForm],
    "content-disposition": attachment(`${fileName(name, table)}.${form}`),
    ...(table.more > 0 ? { "x-tailfill-more-rows": String(table.more) } : {}),
  };
  return new Response(streamOf(tableText(table, form as TableForm)), { headers });
});

/** Service, table and range: `shop production endpoints 2026-11-22T10-00-00Z to 2026-11-22T11-00-00Z`. */
function fileName(name: string, { of, range }: TableAnswer): string {
  return [of, name, ...(range === null ? [] : [`${range.from} to ${range.to}`])].join(" ");
}

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
