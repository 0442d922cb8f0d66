"use client";
import { formatDuration } from "@/components/format/duration";
import { Button } from "@/components/ui/button";
import type { PrefillSettingsAnswer } from "@/lib/query/prefill-answers";
import type { Changes } from "./draft";
import { GOAL_NAMES } from "./goal-names";
import type { ChangingSettings } from "./use-change-settings";
import { formatWork } from "./work";

interface DraftBarProps {
  changes: Changes;
  settings: PrefillSettingsAnswer;
  changing: ChangingSettings;
  onBack: () => void;
}

/** What is tried out and not in force, with the ways to put it in force and to go back; nothing when nothing is. */
export function DraftBar({ changes, settings, changing, onBack }: DraftBarProps) {
  const { busy, change } = changing;
  const words = draftWords(changes, settings);
  if (words.length === 0) return null;
  const keep = async () => {
    if (await change(changes)) onBack();
  };
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg bg-accent-soft px-4 py-2 text-table"
    >
      <span className="min-w-0 flex-1">
        <span className="font-semibold">Tried out, not in force:</span> {words.join("; ")}.
      </span>
      <Button size="small" onClick={onBack}>
        Go back
      </Button>
      <Button size="small" kind="primary" disabled={busy} onClick={() => void keep()}>
        Put in force
      </Button>
    </div>
  );
}

/** "budget 57 s/h instead of 60 s/h" */
export function draftWords(changes: Changes, settings: PrefillSettingsAnswer): string[] {
  const words: string[] = [];
  const budget = (value: number | null) => (value === null ? "automatic" : formatWork(value));
  if (changes.budgetSecondsPerHour !== undefined)
    words.push(`budget ${budget(changes.budgetSecondsPerHour)} instead of ${budget(settings.budgetSecondsPerHour)}`);
  if (changes.goal !== undefined)
    words.push(`goal “${GOAL_NAMES[changes.goal]}” instead of “${GOAL_NAMES[settings.goal]}”`);
  if (changes.targetUs !== undefined)
    words.push(`target ${formatDuration(changes.targetUs)} instead of ${formatDuration(settings.targetUs)}`);
  return words;
}
