"use client";
import { useMemo, useState, type ReactNode } from "react";
import { Moment } from "@/components/account/moment";
import { PlotAlerts } from "@/components/charts/alert-marks";
import { PlotProvider } from "@/components/charts/plot-context";
import { shownShort } from "@/components/format/shown";
import { Card } from "@/components/ui/card";
import { Foreign } from "@/components/ui/foreign";
import { Select } from "@/components/ui/select";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";
import { firedWords, judgedWords, spanWords } from "./back-test-words";
import { ValueChart } from "./value-chart";

type BackTest = AlertAnswer<"AlertBackTest">;

/** So many of what fired are listed; the chart marks all. */
const MOST_SPANS = 6;
const nothing = () => undefined;
const firstOf = (values: BackTest["values"], chosen: string) =>
  values.find(({ series }) => series === chosen) ?? values[0];

interface BackTestViewProps {
  test: BackTest;
  title: string;
  note: string;
  controls?: ReactNode;
}

/** What a rule would have done: its values with the threshold, when it would have fired, what would have been told. */
export function BackTestView({ test, title, note, controls }: BackTestViewProps) {
  const [chosen, setChosen] = useState("");
  const { values, fired } = test;
  // Harm was done or was not: there is no line to draw.
  const drawn = values.filter(({ steps }) => steps.some(({ threshold }) => threshold !== 0));
  const shown = test.unit === "requests" ? firstOf(values, chosen) : firstOf(drawn, chosen);
  const alerts = useMemo(() => fired.filter(({ series }) => series === shown?.series).map(alertOf), [fired, shown]);
  const options = values.map((one) => ({ value: one.series, label: shownShort(nameOf(one), 60) }));
  const said = <Said test={test} />;
  if (shown === undefined)
    return (
      <Card {...{ title, note }} actions={controls}>
        {said}
      </Card>
    );
  const picker = options.length > 1 && (
    <Select label="Series" size="small" value={shown.series} options={options} onChange={setChosen} />
  );
  return (
    <PlotProvider narrow={nothing} widen={nothing}>
      <PlotAlerts alerts={alerts}>
        <ValueChart
          {...{ test, title, note }}
          steps={shown.steps}
          controls={
            <>
              {picker}
              {controls}
            </>
          }
          head={<div className="mb-3">{said}</div>}
          foot={<Fired fired={fired} />}
        />
      </PlotAlerts>
    </PlotProvider>
  );
}

function Said({ test }: { test: BackTest }) {
  return (
    <div className="max-w-prose text-table">
      <span className="font-medium">{firedWords(test)}</span> <span className="text-muted">{judgedWords(test)}</span>
      {test.notes.map((one) => (
        <p key={one} className="mt-1 text-small text-muted">
          {one}
        </p>
      ))}
    </div>
  );
}

function Fired({ fired }: Pick<BackTest, "fired">) {
  if (fired.length === 0) return null;
  return (
    <ul className="mt-2 text-small text-muted">
      {fired.slice(-MOST_SPANS).map((span) => (
        <li key={`${span.series} ${span.from}`} className="truncate">
          <Moment at={new Date(span.from)} /> {spanWords(span)}: <Foreign text={nameOf(span)} />
        </li>
      ))}
      {fired.length > MOST_SPANS && <li>and {fired.length - MOST_SPANS} times before</li>}
    </ul>
  );
}

/** Of a burn rate, pages and tickets are series of their own: their keys end with it. */
function nameOf({ endpoint, user, series }: { endpoint: string | null; user: string | null; series: string }): string {
  const severity = user === null ? / (page|ticket)$/.exec(series)?.[0] : undefined;
  return `${user ?? endpoint ?? "the whole service"}${severity === undefined ? "" : `,${severity}`}`;
}

const alertOf = ({ series, from, to }: BackTest["fired"][number]) => ({
  key: `${series} ${from}`,
  name: "it would have fired",
  fromMs: Date.parse(from),
  toMs: to === null ? null : Date.parse(to),
});
