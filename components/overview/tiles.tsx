import { groupsOf, highestOf } from "@/components/charts/thinned";
import { formatChange, formatPoints, type Change } from "@/components/format/change";
import { formatCount, formatRate, formatRequests } from "@/components/format/count";
import { durationParts, formatDuration } from "@/components/format/duration";
import { shareParts } from "@/components/format/share";
import { isTooFew, samplesWanted } from "@/components/format/percentile";
import type { OutcomeName, OverviewAnswer, Point, Summary } from "@/lib/query/answers";
import { rateOf, shareOf } from "./cost";
import { firstsOf } from "./since-first";
import { Tile } from "./tile";

/** Points of a tile's spark. */
const SPARKS = 32;

const sum = (figures: readonly number[]) => figures.reduce((total, figure) => total + figure, 0);

/** Six figures of the range: how much, how slow, how often wrong; each with its change and its course. */
export function Tiles({ answer, compared }: { answer: OverviewAnswer; compared: string }) {
  const { totals, before, series } = answer;
  const points = series.points.slice(firstsOf(answer).point);
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
      <OutcomeTile name="Errors" outcome="server_error" colour="var(--server)" {...{ answer, points, compared }} />
      <OutcomeTile name="Aborted" outcome="aborted" colour="var(--abort)" {...{ answer, points, compared }} />
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
  const faint = totals.count < samplesWanted(q);
  const few = us !== null && isTooFew(q, totals.count);
  return (
    <Tile
      name={`p${q}`}
      colour={`var(--p${q})`}
      {...(us === null
        ? { figure: "–", unit: "" }
        : few
          ? { figure: "too few", unit: "", words: true }
          : durationParts(us))}
      faint={faint}
      title={`${formatRequests(totals.count)}${faint ? `: too few for p${q}${readingOf(us)}` : ""}`}
      note={faint ? `n = ${formatCount(totals.count)}` : undefined}
      change={few ? null : formatChange(then, us)}
      compared={compared}
      spark={groupsOf(points, SPARKS).map((group) =>
        highestOf(group.map((point) => point[`p${q}Us` as const] ?? null)),
      )}
    />
  );
}

const readingOf = (us: number | null) => (us === null ? "" : `. It reads ${formatDuration(us)}.`);

function partOf(points: readonly Point[], outcome: OutcomeName): number | null {
  const count = sum(points.map((point) => point.count));
  return count === 0 ? null : sum(points.map((point) => point.outcomes[outcome])) / count;
}

interface OutcomeTileProps {
  name: string;
  outcome: OutcomeName;
  colour: string;
  answer: OverviewAnswer;
  points: readonly Point[];
  compared: string;
}

function OutcomeTile({ name, outcome, colour, answer, points, compared }: OutcomeTileProps) {
  const { totals, before } = answer;
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
      spark={groupsOf(points, SPARKS).map((group) => partOf(group, outcome))}
    />
  );
}
