import { formatCountExactly } from "@/components/format/count";
import { formatDuration } from "@/components/format/duration";
import { formatShare } from "@/components/format/share";
import { figureTicks, latencyTicks, type Tick } from "@/components/charts/ticks";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";

type Unit = AlertAnswer<"AlertBackTest">["unit"];

interface UnitWords {
  /** In a chart's title. */
  name: string;
  write: (value: number) => string;
  ticks: (highest: number) => Tick[];
}

const figure = (value: number): string => String(Number(value.toPrecision(3)));
const times = (value: number): string => `${figure(value)}\u00a0×`;
const percent = (value: number): string => `${figure(value * 100)}\u00a0%`;

/** How what a rule judges is written and drawn, by its unit. */
export const VALUE_UNITS: Record<Unit, UnitWords> = {
  us: { name: "latency", write: formatDuration, ticks: (highest) => latencyTicks(highest) },
  share: { name: "share of requests", write: formatShare, ticks: (highest) => figureTicks(highest, percent) },
  requests: {
    name: "requests",
    write: (value) => formatCountExactly(value),
    ticks: (highest) => figureTicks(highest, formatCountExactly),
  },
  burn_rate: { name: "burn rate, × the budget", write: times, ticks: (highest) => figureTicks(highest, times) },
  users: {
    name: "users",
    write: (value) => formatCountExactly(value),
    ticks: (highest) => figureTicks(highest, formatCountExactly),
  },
  queries: {
    name: "stopped queries",
    write: (value) => formatCountExactly(value),
    ticks: (highest) => figureTicks(highest, formatCountExactly),
  },
};
