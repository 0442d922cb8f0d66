"use client";
import { ErrorState } from "@/components/answer/error-state";
import type { Initial } from "@/components/data/use-answer";
import { Button, ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { classes } from "@/components/ui/classes";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Skeleton } from "@/components/ui/skeleton";
import { type DeliveriesAsked, deliveriesSearch } from "./deliveries-search";
import { DeliveriesTable } from "./deliveries-table";
import { DeliveryFilters, type FilterNames } from "./delivery-filters";
import { useDeliveries, type Deliveries } from "./use-deliveries";
import { TableFiles } from "@/components/ui/table-files";

interface DeliveriesPageProps {
  initial: Initial<Deliveries> | undefined;
  names: FilterNames;
}

/** Everything that was sent to receivers, the latest first. */
export function DeliveriesPage({ initial, names }: DeliveriesPageProps) {
  const { asked, filters, filter, opened, setOpened } = useDeliveries(initial);
  const { answer, error, retry, updatedAt, stale } = asked;
  return (
    <>
      <PageHeader title="Deliveries" note="what was sent to receivers, kept for 400 days">
        <DeliveryFilters {...{ filters, filter, names }} />
      </PageHeader>
      {error && <ErrorState error={error} kept={answer !== undefined} retry={retry} />}
      {!answer && !error && <Skeleton className="h-72 rounded-[10px]" />}
      {answer && (
        <Card
          flush
          title="Sent"
          actions={
            <TableFiles
              table="alert-deliveries"
              label="these deliveries"
              search={deliveriesSearch({ ...filters, before: null })}
            />
          }
          className={classes("transition-opacity", stale && "opacity-60")}
        >
          {answer.deliveries.length === 0 ? (
            <Nothing filters={filters} filter={filter} />
          ) : (
            <DeliveriesTable deliveries={answer.deliveries} readAt={updatedAt} {...{ opened, setOpened }} />
          )}
          <Paging next={answer.next} before={filters.before} filter={filter} />
        </Card>
      )}
    </>
  );
}

interface PartProps {
  filters: DeliveriesAsked;
  filter: (changes: Partial<DeliveriesAsked>) => void;
}

const NO_FILTERS = { receiver: null, state: null, rule: null, incident: null };

function Nothing({ filters, filter }: PartProps) {
  const isNarrowed = Object.values(filters).some((value) => value !== null);
  if (isNarrowed)
    return (
      <EmptyState title="No such deliveries" actions={<Button onClick={() => filter(NO_FILTERS)}>Show all</Button>}>
        Nothing that was sent is as the filters above ask.
      </EmptyState>
    );
  return (
    <EmptyState title="Nothing was sent yet" actions={<ButtonLink href="/alerts/receivers">Receivers</ButtonLink>}>
      Every message to a receiver is listed here, with what was sent, what came back, and when it is tried again. A test
      of a receiver makes the first.
    </EmptyState>
  );
}

interface PagingProps extends Pick<PartProps, "filter"> {
  next: string | null;
  before: string | null;
}

function Paging({ next, before, filter }: PagingProps) {
  if (next === null && before === null) return null;
  return (
    <div className="flex justify-end gap-2 border-t border-line-soft px-4 py-3">
      {before !== null && (
        <Button size="small" onClick={() => filter({ before: null })}>
          Latest
        </Button>
      )}
      <Button size="small" disabled={next === null} onClick={() => next !== null && filter({ before: next })}>
        Older
      </Button>
    </div>
  );
}
