"use client";
import { Download, Upload } from "lucide-react";
import { useRef, useState } from "react";
import { Banner } from "@/components/ui/banner";
import { Button, buttonClass } from "@/components/ui/button";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";

const ADDRESS = "/api/v1/alerts/rules.yaml";

interface Outcome {
  tone: "good" | "bad";
  text: string;
}

/** All rules as a file, and a file as the rules: what an earlier import had made and the file has no more is removed. */
export function RulesFile({ onDone, told }: { onDone: () => void; told: (outcome: Outcome | null) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const take = async (file: File | undefined) => {
    if (file === undefined || busy) return;
    setBusy(true);
    told(await importFile(file));
    setBusy(false);
    if (input.current) input.current.value = ""; // the same file may be taken again
    onDone();
  };
  return (
    <>
      <a href={ADDRESS} download className={buttonClass("quiet", "small")} title="All rules as tailfill.rules.yaml">
        <Download size={14} aria-hidden />
        Export
      </a>
      <Button
        kind="quiet"
        size="small"
        disabled={busy}
        title="Rules from a tailfill.rules.yaml: all of it or nothing"
        onClick={() => input.current?.click()}
      >
        <Upload size={14} aria-hidden />
        Import
      </Button>
      <input
        ref={input}
        type="file"
        accept=".yaml,.yml"
        aria-label="Rules file"
        hidden
        onChange={(event) => void take(event.target.files?.[0])}
      />
    </>
  );
}

/** What came of an import. */
export function RulesFileOutcome({ outcome }: { outcome: Outcome | null }) {
  return outcome === null ? null : <Banner tone={outcome.tone}>{outcome.text}</Banner>;
}

export type RulesFileTold = Outcome | null;

async function importFile(file: File): Promise<Outcome> {
  try {
    const headers = { "content-type": "application/yaml" };
    const answer = await fetch(ADDRESS, { method: "PUT", headers, body: await file.text() });
    const said = (await answer.json().catch(() => ({}))) as AlertAnswer<"AlertImport"> & { detail?: string };
    if (answer.ok) return { tone: "good", text: importWords(said) };
    return { tone: "bad", text: `Nothing was changed. ${said.detail ?? `The server answered ${answer.status}.`}` };
  } catch {
    return { tone: "bad", text: "The tailfill server was not reached, or the file could not be read. Try again." };
  }
}

/** What an import did, in a sentence. */
export function importWords({ created, changed, removed, unchanged }: AlertAnswer<"AlertImport">): string {
  const parts = [
    created.length > 0 && `${created.length} made`,
    changed.length > 0 && `${changed.length} changed`,
    removed.length > 0 && `${removed.length} removed`,
    `${unchanged} as before`,
  ].filter(Boolean);
  return `The rules are as the file has them: ${parts.join(", ")}.`;
}
