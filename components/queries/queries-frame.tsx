"use client";
import { useMemo, type ReactNode } from "react";
import { ErrorState } from "@/components/answer/error-state";
import { NothingState } from "@/components/answer/nothing-state";
import { useAnswer, type Initial } from "@/components/data/use-answer";
import { shownText } from "@/components/format/shown";
import { placeOf, placesOf, type Place } from "@/components/prefill/place";
import { PlacePicker } from "@/components/prefill/place-picker";
import { PlotRange, shownRange } from "@/components/range/plot-range";
import { refreshMs } from "@/components/range/refresh";
import { useView } from "@/components/range/use-view";
import { rangeOf } from "@/components/range/view";
import { ViewToolbar } from "@/components/range/view-toolbar";
import { classes } from "@/components/ui/classes";
import { PageHeader } from "@/components/ui/page-header";
import { Skeleton } from "@/components/ui/skeleton";
import type { ServicesAnswer } from "@/lib/query/answers";
import { placedSearch } from "./placed-search";

interface QueriesFrameProps<Answer> {
  title: string;
  path: string;
  services: ServicesAnswer["services"];
  initial: Initial<Answer> | undefined;
  /** What may be done about the place, beside its name. */
  actions?: (place: Place) => ReactNode;
  children: (answer: Answer, place: Place) => ReactNode;
}

/** A page about the databases of one service and environment: its title, place, time, and what an answer says. */
export function QueriesFrame<Answer extends { range: { from: string; to: string } }>(props: QueriesFrameProps<Answer>) {
  const { title, services } = props;
  const { view, change } = useView();
  const place = placeOf(services, view);
  return (
    <PlotRange view={view} change={change}>
      {place === null ? (
        <>
          <PageHeader title={title} />
          <NothingState nothing="nothing_sent_yet" range={rangeOf(view, 0)} change={change} />
        </>
      ) : (
        <OfPlace {...props} place={place} />
      )}
    </PlotRange>
  );
}

function OfPlace<Answer extends { range: { from: string; to: string } }>(
  props: QueriesFrameProps<Answer> & { place: Place },
) {
  const { title, path, services, initial, place, actions, children } = props;
  const { view, change } = useView();
  const search = placedSearch(view, place);
  const question = { path, search, refreshMs: refreshMs(view), ...(initial && { initial }) };
  const { answer, error, updatedAt, stale, retry } = useAnswer<Answer>(question);
  const shown = useMemo(() => shownRange(answer?.range ?? { from: view.from, to: view.to }), [answer, view]);
  const alone = placesOf(services).length < 2;
  return (
    <>
      <PageHeader title={title} note={alone ? shownText(`${place.service}, ${place.environment}`) : undefined}>
        <ViewToolbar {...{ view, shown, updatedAt, change }} failed={error !== null} comparable={false}>
          <PlacePicker {...{ services, place, change }} />
          {actions?.(place)}
        </ViewToolbar>
      </PageHeader>
      {error && <ErrorState error={error} kept={answer !== undefined} retry={retry} />}
      {!answer && !error && <Skeleton className="h-72 rounded-[10px]" />}
      {answer && (
        <div
          aria-busy={stale}
          className={classes("flex min-w-0 flex-col gap-4 transition-opacity", stale && "opacity-60")}
        >
          {children(answer, place)}
        </div>
      )}
    </>
  );
}
