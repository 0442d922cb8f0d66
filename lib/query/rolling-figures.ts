import type { Db } from "../store/db.ts";
import { snapshot } from "../store/snapshot.ts";
import { ENDPOINT_TIERS } from "../store/tiers.ts";
import { eachWindow, fetchEndpointRows, type WindowPiece } from "./endpoint-windows.ts";
import { segmentsOf, type Span } from "./plan.ts";
import { Slices } from "./slices.ts";
import { Tally } from "./tally.ts";
import { figuresOf, type Measures, type WindowFigures } from "./window-figures.ts";

/** A stretch that moves along: `windowSeconds` long, and ending `agoSeconds` before the moment. */
export interface RollingWindow {
  windowSeconds: number;
  agoSeconds: number;
}

export interface RollingAsk extends Measures, Span {
  endpointId: number;
  windows: readonly RollingWindow[];
  /** Moments are multiples of this, from `fromSeconds` to `toSeconds`; 10 within the last 24 h, 60 within the last 14 d. */
  stepSeconds: number;
}

/** Visits moments in order with the figures of each stretch. */
export type VisitMoment = (atSeconds: number, figures: (place: number) => WindowFigures) => void;

/** What was in moving stretches of an endpoint, as if it had been asked at each of many moments. Everything is read once. */
export async function rollingFigures(db: Db, ask: RollingAsk, visit: VisitMoment): Promise<void> {
  const { windows, fromSeconds, toSeconds, stepSeconds } = ask;
  const pieces = await piecesOf(db, ask);
  const slices = new Slices();
  const rolling = windows.map((window) => new RollingTally(pieces, window));
  for (let at = fromSeconds; at <= toSeconds; at += stepSeconds) {
    for (const one of rolling) one.moveTo(at);
    visit(at, (place) => figuresOf(rolling[place]!.tally, ask));
    if (slices.over) await slices.rest();
  }
}

/** Every window of the stretches, in the order of time. */
async function piecesOf(db: Db, ask: RollingAsk): Promise<WindowPiece[]> {
  const { endpointId, windows, fromSeconds, toSeconds, stepSeconds } = ask;
  const furthest = Math.max(...windows.map(({ windowSeconds, agoSeconds }) => windowSeconds + agoSeconds));
  const range = { fromSeconds: fromSeconds - furthest, toSeconds };
  const segments = segmentsOf(range, ENDPOINT_TIERS, stepSeconds);
  const rows = await snapshot(db, (connection) => fetchEndpointRows(connection, [endpointId], segments));
  const pieces: WindowPiece[] = [];
  await eachWindow(rows.get(endpointId) ?? [], new Slices(), (piece) => pieces.push({ ...piece }));
  return pieces.sort((a, b) => a.atSeconds - b.atSeconds);
}

/** The samples of a stretch that only moves forward: what enters is added, what leaves is taken out. */
class RollingTally {
  readonly tally = new Tally();
  private readonly leaving = new Tally();
  private entered = 0;
  private left = 0;

  constructor(
    private readonly pieces: readonly WindowPiece[],
    private readonly window: RollingWindow,
  ) {}

  moveTo(atSeconds: number): void {
    const end = atSeconds - this.window.agoSeconds;
    const start = end - this.window.windowSeconds;
    for (; this.isBefore(this.entered, end); this.entered++) {
      const piece = this.pieces[this.entered]!;
      this.tally.add(piece.outcome, piece);
    }
    // What lies before the first stretch enters and leaves at once.
    for (; this.left < this.entered && this.isBefore(this.left, start); this.left++) this.take(this.pieces[this.left]!);
  }

  private isBefore(place: number, seconds: number): boolean {
    const piece = this.pieces[place];
    return piece !== undefined && piece.atSeconds < seconds;
  }

  private take(piece: WindowPiece): void {
    this.leaving.clear();
    this.leaving.add(piece.outcome, piece);
    this.tally.takeOut(this.leaving);
  }
}
