import { groupsOf, highestOf } from "@/components/charts/thinned";
import { formatChange, formatPoints, type Change } from "@/components/format/change";
import { formatRate, formatRequests } from "@/components/format/count";
import { durationParts } from "@/components/format/duration";
import { shareParts } from "@/components/format/share";
import { samplesWanted } from "@/components/format/percentile";
import type { OutcomeName, OverviewAnswer, Point, Summary } from "@/lib/query/answers";
import { rateOf, shareOf } from "./cost";
import { Tile } from "./tile";

/** Points of a tile's spark. */
const SPARKS = 32;

const sum = (figures: readonly number[]) => figures.reduce((total, figure) => total + figure, 0);

/** Six figures of the range: how much, how slow, how often wrong; each with its change and its course. */
export function Tiles({ answer, compared }: { answer: OverviewAnswer; compared: string }) {
  const { totals, before, series } = answer;
  const points = series.points;
  const rate = rateOf(totals, answer);
  return (
    <div className="mb-4 grid grid-cols-2 overflow-hidden rounded-[10px] border border-line bg-surface shadow-card phone:grid-cols-3 wide:grid-cols-6">
      <Tile
        name="Requests"
        colour="var(--ok)"
        plainKey
        figure={rate === null ? "–" : formatRate(rate)}
        unit="/s"
        change={formatChange(before && rateOf(before.totals, before), rate)}
        compared={compared}
        title={formatRequests(totals.count)}
        spark={groupsOf(points, SPARKS).map((group) => sum(group.map((point) => point.count)))}
      />
      {[50, 95, 99].map((q) => (
        <PercentileTile key={q} {...{ q, totals, points, compared }} before={before?.totals ?? null} />
      ))}
      <OutcomeTile name="Errors" outcome="server_error" colour="var(--server)" {...{ answer, compared }} />
      <OutcomeTile name="Aborted" outcome="aborted" colour="var(--abort)" {...{ answer, compared }} />
    </div>
  );
}

type Totals = Omit<Summary, "tailCostUs">;

interface PercentileTileProps {
  q: number;
  totals: Totals;
  before: Totals | null;
  points: readonly Point[];
  compared: string;
}

function PercentileTile({ q, totals, before, points, compared }: PercentileTileProps) {
  const us = totals.percentiles[`p${q}Us` as const] ?? null;
  const then = before?.percentiles[`p${q}Us` as const] ?? null;
  const { figure, unit } = us === null ? { figure: "–", unit: "" } : durationParts(us);
  return (
    <Tile
      name={`p${q}`}
      colour={`var(--p${q})`}
      figure={figure}
      unit={unit}
      faint={totals.count < samplesWanted(q)}
      title={`${formatRequests(totals.count)}${totals.count < samplesWanted(q) ? `: too few for p${q}` : ""}`}
      change={formatChange(then, us)}
      compared={compared}
      spark={groupsOf(points, SPARKS).map((group) =>
        highestOf(group.map((point) => point[`p${q}Us` as const] ?? null)),
      )}
    />
  );
}

function partOf(points: readonly Point[], outcome: OutcomeName): number | null {
  const count = sum(points.map((point) => point.count));
  return count === 0 ? null : sum(points.map((point) => point.outcomes[outcome])) / count;
}

interface OutcomeTileProps {
  name: string;
  outcome: OutcomeName;
  colour: string;
  answer: OverviewAnswer;
  compared: string;
}

function OutcomeTile({ name, outcome, colour, answer, compared }: OutcomeTileProps) {
  const { totals, before, series } = answer;
  const part = shareOf(totals.outcomes[outcome], totals.count);
  const then = before && before.totals.count > 0 ? shareOf(before.totals.outcomes[outcome], before.totals.count) : null;
  const change: Change | null = formatPoints(then, totals.count > 0 ? part : null);
  return (
    <Tile
      name={name}
      colour={colour}
      {...(totals.count > 0 ? shareParts(part) : { figure: "–", unit: "" })}
      title={`${formatRequests(totals.outcomes[outcome])} of ${formatRequests(totals.count)}`}
      change={change}
      compared={compared}
      spark={groupsOf(series.points, SPARKS).map((group) => partOf(group, outcome))}
    />
  );
}
