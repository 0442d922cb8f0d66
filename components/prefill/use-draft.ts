"use client";
import { useQueryStates } from "nuqs";
import { useCallback } from "react";
import { draftParsers, NO_DRAFT, type Draft } from "./draft";

export interface Drafting {
  draft: Draft;
  /** All that is tried out is one step of the browser's history: back gives it up. */
  attempt: (changes: Partial<Draft>) => void;
  goBack: () => void;
}

/** A handle that is moved fast would write the address faster than the router takes it in, which then puts an earlier one back. */
const WRITTEN_EVERY_MS = 400;

/** What somebody tries out, kept in the address. */
export function useDraft(): Drafting {
  const [draft, setDraft] = useQueryStates(draftParsers, { throttleMs: WRITTEN_EVERY_MS });
  const begun = Object.values(draft).some((value) => value !== null);
  const attempt = useCallback(
    (changes: Partial<Draft>) => void setDraft(changes, { history: begun ? "replace" : "push" }),
    [setDraft, begun],
  );
  const goBack = useCallback(() => void setDraft(NO_DRAFT), [setDraft]);
  return { draft, attempt, goBack };
}
