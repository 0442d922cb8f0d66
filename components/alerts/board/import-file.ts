import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";

export type Import = AlertAnswer<"AlertImport">;

const UNREACHED = "The tailfill server was not reached. Check that it runs, look at the rules, and try again.";

/** Sends a rules file. With `dryRun` it changes nothing, and tells what it would do. What goes wrong is told in words. */
export async function importFile(
  text: string,
  dryRun: boolean,
): Promise<{ would: Import; problem?: undefined } | { would?: undefined; problem: string }> {
  try {
    const address = `/api/v1/alerts/rules.yaml?dryRun=${dryRun}`;
    const headers = { "content-type": "application/yaml" };
    const answer = await fetch(address, { method: "PUT", headers, body: text });
    const said = (await answer.json().catch(() => ({}))) as Import & { detail?: string };
    if (answer.ok) return { would: said };
    return { problem: `Nothing was changed. ${said.detail ?? `The server answered ${answer.status}.`}` };
  } catch {
    return { problem: UNREACHED };
  }
}

/** What an import did, in a sentence. */
export function importWords({ created, changed, removed, unchanged }: Import): string {
  const parts = [
    created.length > 0 && `${created.length} made`,
    changed.length > 0 && `${changed.length} changed`,
    removed.length > 0 && `${removed.length} removed`,
    `${unchanged} as before`,
  ].filter(Boolean);
  return `The rules are as the file has them: ${parts.join(", ")}.`;
}
