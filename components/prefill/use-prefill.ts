"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useAnswer, type Asked, type Initial } from "@/components/data/use-answer";
import { refreshMs } from "@/components/range/refresh";
import type { View } from "@/components/range/view";
import type {
  PrefillCandidatesAnswer,
  PrefillEffectAnswer,
  PrefillHistoryAnswer,
  PrefillSettingsAnswer,
} from "@/lib/query/prefill-answers";
import { changesOf, whatIfOf, type Changes, type Draft } from "./draft";
import type { Place } from "./place";
import {
  CANDIDATES,
  candidatesSearch,
  EFFECT,
  effectSearch,
  HISTORY,
  historySearch,
  placeSearch,
  SETTINGS,
  type Span,
} from "./prefill-search";
import { useSettled } from "./use-settled";

/** What the server read for the page already. */
export interface PrefillInitial {
  settings: Initial<PrefillSettingsAnswer> | undefined;
  candidates: Initial<PrefillCandidatesAnswer> | undefined;
  effect: Initial<PrefillEffectAnswer> | undefined;
  history: Initial<PrefillHistoryAnswer> | undefined;
}

/** Everything the page shows. */
export interface PrefillAsked {
  settings: Asked<PrefillSettingsAnswer>;
  candidates: Asked<PrefillCandidatesAnswer>;
  /** What the candidates were asked by. */
  candidatesSearch: string;
  effect: Asked<PrefillEffectAnswer>;
  history: Asked<PrefillHistoryAnswer>;
  /** What of the draft is not in force. */
  changes: Changes;
}

export interface PrefillQuestion {
  place: Place;
  view: View;
  span: Span;
  /** What somebody tries out. */
  draft: Draft;
  initial: PrefillInitial;
}

/** The mode may be changed by somebody else, or by the server itself. */
const SETTINGS_MS = 5_000;
/** A plan is made once a minute, and some seconds after the settings changed. */
const PLAN_MS = 15_000;
const BEHIND_MS = 3_000;
/** A handle that rests this long is asked about. */
const REST_MS = 250;

export function usePrefill({ place, view, span, draft, initial }: PrefillQuestion): PrefillAsked {
  const settings = useAnswer({
    path: SETTINGS,
    search: placeSearch(place),
    refreshMs: SETTINGS_MS,
    ...given(initial.settings),
  });
  const changes = useMemo(
    () => (settings.answer === undefined ? {} : changesOf(draft, settings.answer)),
    [draft, settings.answer],
  );
  const search = useSettled(candidatesSearch(place, whatIfOf(changes)), REST_MS);
  const known = useQueryClient().getQueryData<PrefillCandidatesAnswer>([CANDIDATES, search]);
  const candidates = useAnswer({
    path: CANDIDATES,
    search,
    refreshMs: isBehind(known, settings.answer) ? BEHIND_MS : PLAN_MS,
    ...given(initial.candidates),
  });
  const effect = useAnswer({
    path: EFFECT,
    search: effectSearch(place, view, span),
    refreshMs: PLAN_MS,
    ...given(initial.effect),
  });
  const history = useAnswer({
    path: HISTORY,
    search: historySearch(place, view),
    refreshMs: refreshMs(view),
    ...given(initial.history),
  });
  return { settings, candidates, candidatesSearch: search, effect, history, changes };
}

/** Whether the plan shown was made before the settings were changed. */
function isBehind(plan: PrefillCandidatesAnswer | undefined, settings: PrefillSettingsAnswer | undefined): boolean {
  if (plan === undefined || plan.madeAt === null || settings === undefined) return false;
  return Date.parse(plan.madeAt) < Date.parse(settings.changedAt);
}

const given = <T>(initial: Initial<T> | undefined) => (initial === undefined ? {} : { initial });
