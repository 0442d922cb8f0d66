"use client";
import { LoaderCircle } from "lucide-react";
import { useAnswer } from "@/components/data/use-answer";
import { formatAgo } from "@/components/format/duration";
import { shownShort } from "@/components/format/shown";
import { viewSearch } from "@/components/range/view";
import { Banner } from "@/components/ui/banner";
import { ButtonLink } from "@/components/ui/button";
import type { ServicesAnswer } from "@/lib/query/answers";

export interface ArrivalAnswer extends ServicesAnswer {
  /** When it was read, Unix ms. */
  readAt: number;
  /** When the key that was asked about was last used; `null` = never, or no key was named. */
  keyUsedAt: string | null;
}

type Service = ServicesAnswer["services"][number];

interface ArrivalProps {
  /** What had arrived when the page was read. */
  known: ArrivalAnswer;
  /** The key just made: its first use counts as the arrival, too. */
  keyId: string | null;
}

const ASK_EVERY_MS = 2_000;

/** Waits for the first request and says so, then leads to it. */
export function Arrival({ known, keyId }: ArrivalProps) {
  const search = keyId === null ? "" : `key=${encodeURIComponent(keyId)}`;
  const { answer = known } = useAnswer<ArrivalAnswer>({ path: "/data/arrival", search, refreshMs: ASK_EVERY_MS });
  const arrived = arrivedIn(known, answer);
  return (
    <div role="status" className="flex flex-col gap-3">
      {arrived ? (
        <Banner
          tone="good"
          title="The first request arrived."
          actions={
            <ButtonLink kind="primary" size="small" href={`/${viewSearch({ service: arrived.name, from: "now-15m" })}`}>
              See {shownShort(arrived.name, 40)}
            </ButtonLink>
          }
        >
          {shownShort(arrived.name, 80)}, {arrived.environments.map((name) => shownShort(name, 40)).join(", ")}
        </Banner>
      ) : (
        <p className="flex items-center gap-2.5 text-table text-muted">
          <LoaderCircle size={16} aria-hidden className="animate-spin text-accent" />
          {answer.keyUsedAt ? "The key was used; the request is being counted…" : "Waiting for the first request…"}
        </p>
      )}
      {known.services.length > 0 && <Others services={answer.services} readAt={answer.readAt} />}
    </div>
  );
}

/** A service that had not been there, or, after the new key was used, the one that was heard of last. */
export function arrivedIn(known: ArrivalAnswer, now: ArrivalAnswer): Service | null {
  const before = new Map(known.services.map((service) => [service.name, service]));
  const isNew = (service: Service) => !before.has(service.name) && service.lastSeenAt !== null;
  const fresh = now.services.find(isNew);
  if (fresh) return fresh;
  if (now.keyUsedAt === null) return null;
  const moved = now.services.filter(({ name, lastSeenAt }) => lastSeenAt !== before.get(name)?.lastSeenAt);
  return moved.sort((a, b) => (b.lastSeenAt ?? "").localeCompare(a.lastSeenAt ?? ""))[0] ?? null;
}

/** "shop (last 16 min ago)": a service that was there is not one that sends. */
export function heardOf({ name, lastSeenAt }: Pick<Service, "name" | "lastSeenAt">, readAt: number): string {
  const shown = shownShort(name, 40);
  return lastSeenAt === null ? shown : `${shown} (last ${formatAgo(readAt - Date.parse(lastSeenAt))})`;
}

function Others({ services, readAt }: { services: readonly Service[]; readAt: number }) {
  return (
    <p className="text-small text-muted">
      Heard of before: {services.map((service) => heardOf(service, readAt)).join(", ")}.
    </p>
  );
}
