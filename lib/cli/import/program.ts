import { TailfillError } from "../../errors.ts";
import { Sealer } from "../../sdk/src/pseudonym.ts";
import { UNIT_US } from "../../ingest/history/accept-hlog.ts";
import { accessFormat } from "./access-format.ts";
import { type ImportArguments, readImportArguments } from "./import-arguments.ts";
import { SourceImport } from "./import-source.ts";
import { jsonFields, jsonFormat } from "./json-format.ts";
import { hlogReader, type LineReader, requestReader } from "./line-reader.ts";
import { ACCESS_PRESETS, JSON_PRESETS } from "./presets.ts";
import { ImportReport } from "./report.ts";
import { RouteNames } from "./route-names.ts";
import { ImportServer } from "./server.ts";
import { openSource } from "./source-lines.ts";

/**
 * `tailfill import`: reads logs and sends what they tell to a server, as history. Files are read one after another.
 * @param tell gets the lines of the report
 * @throws TailfillError `bad_setting` before anything is read, `import_failed` when the server refuses or stays away
 */
export async function importHistory(
  argv: readonly string[],
  tell: (line: string) => void = console.log,
): Promise<void> {
  const nowMs = Date.now();
  const asked = readImportArguments(argv, nowMs);
  const { destination, sinceMs, untilMs, isDry } = asked;
  const server = destination === null ? null : new ImportServer(destination, (message) => console.error(message));
  const report = new ImportReport();
  const routes = new RouteNames(asked.format === "hlog" ? [] : asked.routes, asked.mostRoutes);
  for (const file of asked.files) {
    // Of its own for each file: a log of histograms says in its first lines how its times are to be read.
    const reader = readerOf(asked, { routes, report });
    const lines = await openSource(file).catch((error: unknown) => {
      throw new TailfillError("bad_setting", `${file} cannot be read: ${(error as Error).message}`);
    });
    await new SourceImport(lines, { reader, server, report, nowMs, sinceMs, untilMs }).run().catch((error: unknown) => {
      if (error instanceof TailfillError) throw new TailfillError(error.code, `${file}: ${error.message}`);
      throw error;
    });
  }
  for (const line of report.lines({ isDry, capped: routes.capped })) tell(line);
}

function readerOf(
  asked: ImportArguments,
  { routes, report }: { routes: RouteNames; report: ImportReport },
): LineReader {
  const { format, user } = asked;
  if (format === "hlog") {
    const [route] = asked.routes;
    if (route === undefined)
      throw new TailfillError("bad_setting", "An hlog needs --route, the route of its endpoint.");
    const endpoint = { method: asked.method, route };
    return hlogReader(endpoint, { unitUs: UNIT_US[asked.unit], untagged: asked.untagged, report });
  }
  return requestReader(formatOf(asked, user), { routes, report, seal: sealerOf(asked.pseudonymKey) });
}

function formatOf({ format, fields }: ImportArguments, user: string | null) {
  if (format === "json") {
    if (fields === null) throw new TailfillError("bad_setting", "--format json needs --fields.");
    return jsonFormat(jsonFields(fields), user);
  }
  const json = JSON_PRESETS[format];
  return json === undefined ? accessFormat(ACCESS_PRESETS[format] ?? format, user) : jsonFormat(json, user);
}

function sealerOf(key: string | null): (id: string) => string {
  if (key === null) return (id) => id;
  try {
    const sealer = new Sealer(key);
    return (id) => sealer.seal(id);
  } catch (error) {
    throw new TailfillError("bad_setting", `--pseudonym-key: ${(error as Error).message}`);
  }
}
