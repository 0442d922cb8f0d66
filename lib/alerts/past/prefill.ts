import { HOUR_MS, type PrefillWatch } from "../../query/prefill-watch.ts";
import type { Db } from "../../store/db.ts";
import { candidatesSince } from "../../store/prefill-candidates.ts";
import { type Forecast, forecastsIn, lastForecast } from "../../store/prefill-forecasts.ts";
import { incidentsIn, type PrefillIncident } from "../../store/prefill-incidents.ts";
import { spentByMinute } from "../../store/prefill-learning.ts";
import { evaluatePrefill } from "../evaluate-prefill.ts";
import type { RuleOf } from "../rule.ts";
import { subjectsOf } from "../subject.ts";
import { SETTLING_MS } from "../../query/closed.ts";
import type { Past, PastContext, Said, Stretch } from "./past.ts";
import { stretchOf } from "./stretch.ts";

type PrefillRule = RuleOf<"prefill">;

const MINUTE = 60;

/** What a rule about prefill would have said, by the minute. */
export async function pastOfPrefill(db: Db, rule: PrefillRule, { catalog, days, nowMs }: PastContext): Promise<Past> {
  const wish = { days, nowSeconds: nowMs / 1_000, stepSeconds: MINUTE };
  const stretch = stretchOf(wish, { oldestSeconds: 0, settlingSeconds: SETTLING_MS / 1_000 });
  const [subject] = subjectsOf(rule, catalog.of(rule));
  if (subject === undefined) return { stretch, series: [], isLimited: false, notes: [] };
  const known = await Known.read(db, subject.about.endpointId!, stretch);
  const said: Said[] = [];
  for (let at = stretch.fromSeconds; at <= stretch.toSeconds; at += MINUTE)
    said.push({ atSeconds: at, evaluation: evaluatePrefill(rule, known.at(at * 1_000)) });
  return { stretch, series: [{ subject, said }], isLimited: false, notes: NOTES[rule.about] };
}

const NOTES: Record<PrefillRule["about"], string[]> = {
  harm: [],
  budget: [
    "What the hour might take, and whether anything was filled, is known to five minutes.",
    "What fills took is counted as apps have reported it by now; some of it may have come later than the rule would have looked.",
  ],
  candidates: ["Whether anything was filled is known to five minutes."],
};

/** What is known of the prefill of a service in a stretch. Moments have to be asked for in order. */
class Known {
  private readonly spent: Rolling;
  private readonly candidates: Rolling;
  private forecast = 0;

  private constructor(
    /** The first is the last before the stretch, if there was one. */
    private readonly forecasts: readonly Forecast[],
    private readonly incidents: readonly PrefillIncident[],
    { spent, sinceMs }: { spent: readonly Amount[]; sinceMs: readonly number[] },
  ) {
    this.spent = new Rolling(spent);
    // Who became worth filling at the very moment counts; what was spent in the minute that begins then does not.
    this.candidates = new Rolling(sinceMs.map((ms) => ({ atMs: ms - 1, amount: 1 })));
  }

  static async read(db: Db, scopeId: number, { fromSeconds, toSeconds }: Stretch): Promise<Known> {
    const [fromMs, toMs] = [fromSeconds * 1_000, toSeconds * 1_000];
    const withHour = { fromMs: fromMs - HOUR_MS, toMs: toMs + 1 };
    const before = await lastForecast(db, scopeId, fromMs);
    const forecasts = await forecastsIn(db, scopeId, { fromMs: fromMs + 1, toMs: toMs + 1 });
    const incidents = await incidentsIn(db, scopeId, { fromMs, toMs });
    const spent = await spentByMinute(db, scopeId, withHour);
    const sinceMs = await candidatesSince(db, scopeId, withHour);
    return new Known([...(before === null ? [] : [before]), ...forecasts], incidents, { spent, sinceMs });
  }

  at(atMs: number): PrefillWatch {
    while ((this.forecasts[this.forecast + 1]?.atMs ?? Infinity) <= atMs) this.forecast += 1;
    const now = this.forecasts[this.forecast];
    const plan = now !== undefined && now.atMs <= atMs ? now : null;
    const incident = this.incidents.findLast(({ openedAtMs }) => openedAtMs <= atMs);
    const isHarm = incident !== undefined && (incident.closedAtMs === null || incident.closedAtMs > atMs);
    return {
      mode: plan?.mode ?? "observe",
      harmSince: isHarm ? new Date(incident.openedAtMs).toISOString() : null,
      spentSeconds: this.spent.hourTo(atMs),
      budgetSecondsPerHour: plan?.budgetSecondsPerHour ?? null,
      newCandidates: plan === null ? null : this.candidates.hourTo(atMs),
    };
  }
}

interface Amount {
  atMs: number;
  amount: number;
}

/** The sum of the hour up to a moment, without the moment itself, of amounts in the order of time. */
class Rolling {
  private entered = 0;
  private left = 0;
  private sum = 0;

  constructor(private readonly amounts: readonly Amount[]) {}

  hourTo(atMs: number): number {
    for (; (this.amounts[this.entered]?.atMs ?? Infinity) < atMs; this.entered++)
      this.sum += this.amounts[this.entered]!.amount;
    for (; this.left < this.entered && this.amounts[this.left]!.atMs < atMs - HOUR_MS; this.left++)
      this.sum -= this.amounts[this.left]!.amount;
    return this.entered === this.left ? 0 : this.sum;
  }
}
