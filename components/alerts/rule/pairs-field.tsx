"use client";
import { X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { inputClass } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { Drafting } from "./draft-field";
import type { PairDraft } from "./rule-draft";

const MOST_PAIRS = 6;
const TEXTS = [
  ["factor", "burns faster than, ×"],
  ["long", "in the long window"],
  ["short", "and the short one"],
] as const;
const SEVERITIES = [
  { value: "page", label: "Page" },
  { value: "ticket", label: "Ticket" },
] as const;

/** Pairs of windows of a burn rate: it breaches while the budget burns too fast in both of one. */
export function PairsField({ of: { draft, problems, set } }: { of: Drafting }) {
  const { pairs } = draft;
  const put = (index: number, change: Partial<PairDraft>) =>
    set({ pairs: pairs.map((pair, at) => (at === index ? { ...pair, ...change } : pair)) });
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 text-table font-medium">The budget burns too fast</legend>
      <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_minmax(0,1fr)_auto_auto] items-center gap-2">
        {TEXTS.map(([name, label]) => (
          <span key={name} className="self-end text-small text-muted">
            {label}
          </span>
        ))}
        <span />
        <span />
        {pairs.map((pair, index) => (
          <Pair
            // A pair has no name of its own; rows are only added and removed at their places.
            key={index}
            {...{ pair, index }}
            onChange={(change) => put(index, change)}
            onRemove={pairs.length > 1 ? () => set({ pairs: pairs.filter((_, at) => at !== index) }) : undefined}
          />
        ))}
      </div>
      {problems.pairs && <p className="text-small text-server">{problems.pairs}</p>}
      {pairs.length < MOST_PAIRS && (
        <div>
          <Button
            kind="quiet"
            size="small"
            onClick={() => set({ pairs: [...pairs, { factor: "", long: "", short: "", severity: "ticket" }] })}
          >
            Add a pair
          </Button>
        </div>
      )}
    </fieldset>
  );
}

interface PairProps {
  pair: PairDraft;
  index: number;
  onChange: (change: Partial<PairDraft>) => void;
  onRemove: (() => void) | undefined;
}

function Pair({ pair, index, onChange, onRemove }: PairProps) {
  return (
    <>
      {TEXTS.map(([name, label]) => (
        <input
          key={name}
          className={`${inputClass} px-1.5!`}
          aria-label={`Pair ${index + 1}: ${label}`}
          value={pair[name]}
          onChange={(event) => onChange({ [name]: event.target.value })}
        />
      ))}
      <Select
        label={`Pair ${index + 1}: severity`}
        value={pair.severity}
        options={SEVERITIES}
        onChange={(severity) => onChange({ severity })}
      />
      <Button
        kind="quiet"
        size="small"
        className="px-1.5"
        aria-label={`Remove pair ${index + 1}`}
        disabled={onRemove === undefined}
        onClick={onRemove}
      >
        <X size={14} aria-hidden />
      </Button>
    </>
  );
}
