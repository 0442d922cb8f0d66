"use client";
import { useQueryState } from "nuqs";
import { useMemo } from "react";
import { Marked } from "@/components/alerts/marked";
import { ErrorState } from "@/components/answer/error-state";
import { NothingState } from "@/components/answer/nothing-state";
import { PlotRange, shownRange } from "@/components/range/plot-range";
import { useView } from "@/components/range/use-view";
import { rangeOf } from "@/components/range/view";
import { PageHeader } from "@/components/ui/page-header";
import type { ServicesAnswer } from "@/lib/query/answers";
import { placeOf, type Place } from "./place";
import { PrefillBody } from "./prefill-body";
import { PrefillHeader } from "./prefill-header";
import { PrefillSkeleton } from "./prefill-skeleton";
import { spanParser } from "./prefill-search";
import { useChangeSettings } from "./use-change-settings";
import { useDraft } from "./use-draft";
import { usePrefill, type PrefillAsked, type PrefillInitial } from "./use-prefill";

interface PrefillPageProps {
  services: ServicesAnswer["services"];
  initial: PrefillInitial;
}

/** Whom to fill before they come, what that would bring, whether it did, and the switch. */
export function PrefillPage({ services, initial }: PrefillPageProps) {
  const { view, change } = useView();
  const place = placeOf(services, view);
  return (
    <PlotRange view={view} change={change}>
      {place === null ? (
        <>
          <PageHeader title="Prefill" />
          <NothingState nothing="nothing_sent_yet" range={rangeOf(view, 0)} change={change} />
        </>
      ) : (
        <OfPlace key={`${place.service}\n${place.environment}`} {...{ services, place, initial }} />
      )}
    </PlotRange>
  );
}

function OfPlace({ services, place, initial }: PrefillPageProps & { place: Place }) {
  const { view, change } = useView();
  const [span, setSpan] = useQueryState("span", spanParser);
  const drafting = useDraft();
  const asked = usePrefill({ place, view, span, draft: drafting.draft, initial });
  const switching = useChangeSettings(place);
  const { settings, history } = asked;
  const range = history.answer?.range;
  const shown = useMemo(() => shownRange(range ?? { from: view.from, to: view.to }), [range, view]);
  const unknown = settings.error?.status === 404;
  const error = unknown ? null : firstError(asked);
  return (
    <>
      <PrefillHeader {...{ services, place, view, change, shown, asked, switching }} failed={error !== null} />
      {error && (
        <ErrorState
          error={error}
          kept={history.answer !== undefined || asked.candidates.answer !== undefined}
          retry={() => retryFailed(asked)}
        />
      )}
      {unknown && <NothingState nothing="filtered_out" range={shown} change={change} />}
      {!unknown && settings.answer && (
        <Marked of={{}} view={{ ...view, ...place }}>
          <PrefillBody
            {...{ place, asked, drafting, shown, span, switching }}
            settings={settings.answer}
            onSpan={(next) => void setSpan(next)}
          />
        </Marked>
      )}
      {settings.answer === undefined && settings.error === null && <PrefillSkeleton />}
    </>
  );
}

/** The effect tells of its own. */
const firstError = ({ settings, candidates, history }: PrefillAsked) =>
  settings.error ?? candidates.error ?? history.error;

function retryFailed({ settings, candidates, history }: PrefillAsked): void {
  for (const one of [settings, candidates, history]) if (one.error !== null) one.retry();
}
