"use client";
import { Download, Upload } from "lucide-react";
import { useRef, useState } from "react";
import { Banner } from "@/components/ui/banner";
import { Button, buttonClass } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";
import { importFile, importWords, type Import } from "./import-file";

const ADDRESS = "/api/v1/alerts/rules.yaml";

export interface RulesFileTold {
  tone: "good" | "bad";
  text: string;
}

/** A file that was read, and what it would do. */
interface Trial {
  text: string;
  would: Import;
}

interface RulesFileProps {
  onDone: () => void;
  told: (outcome: RulesFileTold | null) => void;
}

/** All rules as a file, and a file as the rules: what it would do is shown before it is done. */
export function RulesFile({ onDone, told }: RulesFileProps) {
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [trial, setTrial] = useState<Trial | null>(null);
  const send = async (text: string, dryRun: boolean) => {
    setBusy(true);
    const { would, problem } = await importFile(text, dryRun);
    setBusy(false);
    if (would === undefined) told({ tone: "bad", text: problem });
    setTrial(would !== undefined && dryRun ? { text, would } : null);
    return would;
  };
  const choose = async (file: File | undefined) => {
    if (input.current) input.current.value = ""; // the same file may be chosen again
    if (file === undefined || busy) return;
    told(null);
    await send(await file.text(), true);
  };
  const apply = async ({ text }: Trial) => {
    const done = await send(text, false);
    if (done !== undefined) told({ tone: "good", text: importWords(done) });
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
        onChange={(event) => void choose(event.target.files?.[0])}
      />
      <TrialDialog trial={trial} busy={busy} onClose={() => setTrial(null)} onImport={(one) => void apply(one)} />
    </>
  );
}

interface TrialDialogProps {
  trial: Trial | null;
  busy: boolean;
  onClose: () => void;
  onImport: (trial: Trial) => void;
}

function TrialDialog({ trial, busy, onClose, onImport }: TrialDialogProps) {
  return (
    <Dialog
      title="Bring the rules up to this file?"
      description="The file keeps its rules from then on: an import without one of them removes it."
      open={trial !== null}
      onOpenChange={(open) => !open && onClose()}
      footer={
        <>
          <DialogClose>Cancel</DialogClose>
          <Button kind="primary" disabled={busy} onClick={() => trial && onImport(trial)}>
            Import
          </Button>
        </>
      }
    >
      {trial && <Would would={trial.would} />}
    </Dialog>
  );
}

/** What came of an import. */
export function RulesFileOutcome({ outcome }: { outcome: RulesFileTold }) {
  return <Banner tone={outcome.tone}>{outcome.text}</Banner>;
}

const LISTS = [
  ["created", "Made"],
  ["changed", "Changed, or kept by the file from now on"],
  ["removed", "Removed"],
] as const;

function Would({ would }: { would: AlertAnswer<"AlertImport"> }) {
  const lists = LISTS.filter(([name]) => would[name].length > 0);
  return (
    <div className="flex flex-col gap-3 text-table">
      {lists.map(([name, title]) => (
        <div key={name}>
          <p className={name === "removed" ? "font-medium text-server" : "font-medium"}>
            {title}: {would[name].length}
          </p>
          <p className="max-h-32 overflow-y-auto break-words text-muted">{would[name].join(", ")}</p>
        </div>
      ))}
      <p className="text-muted">
        {lists.length === 0 ? "Nothing changes: " : "As before: "}
        {would.unchanged}
      </p>
    </div>
  );
}
