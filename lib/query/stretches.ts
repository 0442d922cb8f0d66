import type { CopySlabs } from "../store/copy-out.ts";
import type { Snapshot } from "../store/snapshot.ts";
import { partsOfEndpoints } from "../store/window-copy.ts";
import { eachWindow, type FetchedRow, fetchEndpointRows } from "./endpoint-windows.ts";
import type { KeptSums } from "./kept-sums.ts";
import type { Segment, Steps } from "./plan.ts";
import { Slices } from "./slices.ts";
import { type StretchSum, type SumForm, stretchSumOf } from "./stretch-sum.ts";
import { StepTallies } from "./tally.ts";
import type { TrendTally } from "./trend-tally.ts";

export interface StretchesPlan {
  segments: readonly Segment[];
  steps: Steps;
  /** Stretches that end by then are settled: see `settledBefore`. Their sums are kept. */
  settledSeconds: number;
  form: SumForm;
}

/** Where stretches come from: one state of the database at a time, and what was kept of it. */
export interface Source {
  connection: Snapshot;
  kept: KeptSums;
  nowSeconds: number;
}

/** What was found of some endpoints: sums that were kept, and rows of which sums are still to be made. */
export interface Found {
  sums: Map<number, StretchSum[]>;
  settled: { stretch: SettledStretch; rows: Map<number, FetchedRow[]> }[];
  rest: Map<number, FetchedRow[]>;
}

/** The stretches of many endpoints in one snapshot. Settled ones that were added up before are not read again. */
export class Stretches {
  private readonly slices = new Slices();
  private readonly scratch: StepTallies;

  private constructor(
    private readonly connection: Snapshot,
    private readonly settled: readonly SettledStretch[],
    private readonly rest: readonly Segment[],
    steps: Steps,
  ) {
    this.scratch = new StepTallies(steps);
  }

  static async of(source: Source, endpointIds: readonly number[], plan: StretchesPlan): Promise<Stretches> {
    const isSettled = ({ toSeconds }: Segment) => toSeconds <= plan.settledSeconds;
    const settled: SettledStretch[] = [];
    // The longest first: see `addTo`.
    for (const segment of plan.segments.filter(isSettled).sort((a, b) => lengthOf(b) - lengthOf(a)))
      settled.push(await settledStretch(source, endpointIds, segment, plan));
    const rest = plan.segments.filter((segment) => !isSettled(segment));
    return new Stretches(source.connection, settled, rest, plan.steps);
  }

  /** Finds the kept sums of some endpoints, and reads the rows of what is not kept. They may lie in `slabs`. */
  async find(endpointIds: readonly number[], slabs?: CopySlabs): Promise<Found> {
    const { connection } = this;
    const found: Found = { sums: new Map(), settled: [], rest: new Map() };
    for (const stretch of this.settled) {
      const lacking = stretch.find(endpointIds, found.sums);
      const rows = await fetchEndpointRows(connection, lacking, [stretch.segment], slabs);
      found.settled.push({ stretch, rows });
    }
    found.rest = await fetchEndpointRows(connection, endpointIds, this.rest, slabs);
    return found;
  }

  /** Adds everything of one endpoint to an empty tally. Sums of settled stretches that are made for it are kept. */
  async addTo(tally: TrendTally, id: number, found: Found): Promise<void> {
    for (const { stretch, rows } of found.settled) {
      const own = rows.get(id);
      if (own === undefined) continue;
      // While nothing else is in the tally, it says what is in the stretch alone.
      if (tally.whole.count === 0) stretch.keep(id, await this.addUp(own, tally.tallies));
      else tally.addStretch(stretch.keep(id, await this.addUp(own, this.scratch.clear())));
    }
    for (const sum of found.sums.get(id) ?? []) tally.addStretch(sum);
    await this.addUp(found.rest.get(id) ?? [], tally.tallies);
    if (this.slices.over) await this.slices.rest();
  }

  private async addUp(rows: readonly FetchedRow[], into: StepTallies): Promise<StepTallies> {
    await eachWindow(rows, this.slices, (piece) => into.add(piece.atSeconds, piece.outcome, piece));
    return into;
  }
}

const lengthOf = ({ fromSeconds, toSeconds }: Segment): number => toSeconds - fromSeconds;

async function settledStretch(
  { connection, kept }: Source,
  endpointIds: readonly number[],
  segment: Segment,
  { steps, form }: StretchesPlan,
): Promise<SettledStretch> {
  const { tier, fromSeconds, toSeconds } = segment;
  const range = { fromMs: fromSeconds * 1_000, toMs: toSeconds * 1_000 };
  const parts = await partsOfEndpoints(connection, { tier, endpointIds, ...range });
  const name = `${tier} ${fromSeconds} ${toSeconds} ${steps.firstSeconds} ${steps.stepSeconds} ${form}`;
  return new SettledStretch(segment, name, { parts, kept, form });
}

/** A settled stretch of many endpoints. */
class SettledStretch {
  constructor(
    readonly segment: Segment,
    private readonly name: string,
    /** `parts`: what the stretch consists of, by endpoint. */
    private readonly of: { parts: ReadonlyMap<number, string>; kept: KeptSums; form: SumForm },
  ) {}

  /** Adds the sums that are kept of some endpoints to `sums`, and returns the endpoints of which none is. */
  find(endpointIds: readonly number[], sums: Map<number, StretchSum[]>): number[] {
    return endpointIds.filter((id) => {
      const parts = this.of.parts.get(id);
      if (parts === undefined) return false;
      const sum = this.of.kept.find(this.keyOf(id), parts);
      if (sum === undefined) return true;
      const own = sums.get(id);
      if (own === undefined) sums.set(id, [sum]);
      else own.push(sum);
      return false;
    });
  }

  /** @param tallies what was added up of the stretch of this endpoint */
  keep(id: number, tallies: StepTallies): StretchSum {
    const sum = stretchSumOf(tallies, this.segment, this.of.form);
    this.of.kept.keep(this.keyOf(id), this.of.parts.get(id)!, sum);
    return sum;
  }

  private keyOf(id: number): string {
    return `${id} ${this.name}`;
  }
}
