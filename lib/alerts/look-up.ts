import type { Db } from "../store/db.ts";
import { type Measures, type WindowAsk, type WindowFigures, windowFigures } from "../query/window-figures.ts";
import { log } from "../log.ts";
import { evaluate, gridOf, measuresOf, type WindowRule } from "./evaluate.ts";
import { type Evaluation, isLacking, type WindowNeed } from "./evaluation.ts";
import type { Subject } from "./subject.ts";

/** A rule and one of its subjects, to be judged. */
export interface Case {
  rule: WindowRule;
  subject: Subject;
}

/** A rule lacks something at most so often: a short stretch, a long one, and once more to be safe. */
const MOST_ROUNDS = 4;

/**
 * Judges cases at a time. What several of them want to know is asked once. What cannot be asked (the database is away, a statement
 * took too long) is said of those that wanted it, and of no others.
 */
export async function judgeCases(db: Db, cases: readonly Case[], atMs: number, nowMs: number): Promise<Evaluation[]> {
  const board = new Board(db, cases, nowMs);
  const found: (Evaluation | undefined)[] = cases.map(() => undefined);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    for (const [place, { rule, subject }] of cases.entries()) {
      if (found[place] !== undefined) continue;
      const stretch = (need: WindowNeed) => stretchOf(rule, need, atMs);
      const result = evaluate(rule, subject, (need) => board.find(subject, stretch(need)));
      if (!isLacking(result)) found[place] = result;
      else if (!result.needs.every((need) => board.wish(subject, stretch(need)))) found[place] = COULD_NOT_ASK;
    }
    if (!(await board.ask())) break;
  }
  return found.map((one) => one ?? COULD_NOT_ASK);
}

const COULD_NOT_ASK: Evaluation = { verdict: "could_not_ask", observed: null, why: "the windows could not be read" };

interface Stretch {
  fromSeconds: number;
  toSeconds: number;
}

function stretchOf(rule: WindowRule, { windowSeconds, agoSeconds }: WindowNeed, atMs: number): Stretch {
  const grid = gridOf(rule);
  const toSeconds = Math.floor(atMs / 1_000 / grid) * grid - agoSeconds;
  return { fromSeconds: toSeconds - windowSeconds, toSeconds };
}

/** What is known and what is wanted of stretches of endpoints. */
class Board {
  private readonly known = new Map<string, WindowFigures | null>();
  private readonly wanted = new Map<string, WindowAsk>();
  private readonly measures: ReadonlyMap<number, Measures>;

  constructor(
    private readonly db: Db,
    cases: readonly Case[],
    private readonly nowMs: number,
  ) {
    this.measures = measuresByEndpoint(cases);
  }

  find(subject: Subject, stretch: Stretch): WindowFigures | undefined {
    return this.known.get(keyOf(subject, stretch)) ?? undefined;
  }

  /** Returns false when it was asked for already, in vain. */
  wish(subject: Subject, stretch: Stretch): boolean {
    const key = keyOf(subject, stretch);
    if (this.known.get(key) === null) return false;
    const endpointId = subject.about.endpointId!;
    if (!this.known.has(key)) this.wanted.set(key, { endpointId, ...stretch, ...this.measures.get(endpointId)! });
    return true;
  }

  /** Asks for everything that is wanted. Returns whether there was anything. */
  async ask(): Promise<boolean> {
    if (this.wanted.size === 0) return false;
    for (const group of byStretch(this.wanted)) await this.askGroup(group);
    this.wanted.clear();
    return true;
  }

  private async askGroup(group: readonly (readonly [string, WindowAsk])[]): Promise<void> {
    const asks = group.map(([, ask]) => ask);
    const figures = await windowFigures(this.db, asks, this.nowMs).catch((error: unknown) => {
      log("alerts").warn({ err: error, endpoints: asks.length }, "windows could not be read for alerts");
      return null;
    });
    for (const [place, [key]] of group.entries()) this.known.set(key, figures === null ? null : figures[place]!);
  }
}

/** Stretches apart: one that takes too long must not take the others with it. */
function byStretch(wanted: ReadonlyMap<string, WindowAsk>): [string, WindowAsk][][] {
  const groups = new Map<string, [string, WindowAsk][]>();
  for (const entry of wanted) {
    const key = `${entry[1].fromSeconds} ${entry[1].toSeconds}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  return [...groups.values()];
}

const keyOf = ({ about }: Subject, { fromSeconds, toSeconds }: Stretch) =>
  `${about.endpointId} ${fromSeconds} ${toSeconds}`;

/** Everything that any rule wants to know of an endpoint: it costs little once the windows are read. */
function measuresByEndpoint(cases: readonly Case[]): Map<number, Measures> {
  const sets = new Map<number, { percentiles: Set<number>; aboveUs: Set<number> }>();
  for (const { rule, subject } of cases) {
    const id = subject.about.endpointId!;
    const own = sets.get(id) ?? { percentiles: new Set(), aboveUs: new Set() };
    sets.set(id, own);
    const { percentiles, aboveUs } = measuresOf(rule);
    for (const q of percentiles) own.percentiles.add(q);
    for (const us of aboveUs) own.aboveUs.add(us);
  }
  return new Map([...sets].map(([id, own]) => [id, { percentiles: [...own.percentiles], aboveUs: [...own.aboveUs] }]));
}
