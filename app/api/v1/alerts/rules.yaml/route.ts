import { exportRules, importRules } from "@/lib/alerts/rules-file";
import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { readText } from "@/lib/auth/read-json";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { whoIs } from "@/lib/auth/who-is";
import { db, parseQuestion } from "@/lib/query";

export const dynamic = "force-dynamic";

const YAML = "application/yaml";

/** Every rule, as a file to keep. */
export const GET = handle(async (request) => {
  await requireScope(request, "read");
  const headers = {
    "content-type": `${YAML}; charset=utf-8`,
    "content-disposition": 'attachment; filename="tailfill.rules.yaml"',
  };
  return new Response(await exportRules(db()), { headers });
});

/** Brings the rules up to a file: all of it or nothing; with `dryRun=true`, it only tells what it would do. */
export const PUT = handle(async (request) => {
  const by = whoIs(await requireScope(request, "write"));
  const text = await readText(request, [YAML, "application/x-yaml", "text/yaml"]);
  const { dryRun } = parseQuestion("alertImport", new URL(request.url).searchParams);
  return Response.json(await importRules(db(), text, { by, nowMs: Date.now(), dryRun }));
});

export const { POST, PATCH, DELETE, OPTIONS } = refuseAllBut("GET", "PUT");
