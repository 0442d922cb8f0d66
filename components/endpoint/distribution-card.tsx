"use client";
import { useMemo } from "react";
import { PercentileAxis } from "@/components/charts/percentile-axis";
import { Button } from "@/components/ui/button";
import type { PercentileAxis as Axis } from "@/lib/query/answers";
import { useUserLines, type ChosenUsers } from "./use-chosen-users";

interface DistributionCardProps {
  /** Of all users. */
  axis: Axis;
  endpointId: number;
  /** The range, as parameters. */
  search: string;
  refreshMs: number | false;
  chosen: ChosenUsers;
}

/** The distribution on the percentile axis: one line for all users, and one for each that is ticked in the tail. */
export function DistributionCard({ axis, endpointId, search, refreshMs, chosen }: DistributionCardProps) {
  const { users, clear } = chosen;
  const own = useUserLines({ endpointId, users, search, refreshMs });
  const lines = useMemo(() => [{ key: "all", label: "all users", colour: "var(--p99)", axis }, ...own], [axis, own]);
  return (
    <PercentileAxis
      note={users.length === 0 ? "log scale; tick users to draw them" : "log scale"}
      height={190}
      lines={lines}
      controls={
        users.length > 0 && (
          <Button size="small" kind="quiet" onClick={clear} title="Draw all users together only">
            Untick all
          </Button>
        )
      }
    />
  );
}
