import type { TimeRange } from "@/components/range/view";
import type { HeatMap } from "@/lib/query/answers";
import { ROOM, xOf } from "./geometry";
import { logLatencyTicks } from "./ticks";

export interface HeatFrame {
  map: HeatMap;
  range: TimeRange;
  width: number;
  height: number;
  /** The rows shown, first and one past the last. */
  rows: readonly [first: number, end: number];
  highest: number;
}

const SHADES = 48;

/** Height of the lower edge of a row, px from the top; rows are evenly spaced in log latency. */
export function rowFoot(frame: HeatFrame, row: number): number {
  const [first, end] = frame.rows;
  const room = frame.height - ROOM.top - ROOM.bottom;
  return frame.height - ROOM.bottom - ((row - first) / (end - first)) * room;
}

/** A map of one row has no second to tell how tall it is: the finest rows are eight to a doubling. */
const FINEST = 2 ** (1 / 8);

/** By how much a row's latencies are above those of the row below. */
function stepOf({ rowsFromUs }: HeatMap): number {
  const steps = rowsFromUs.length - 1;
  return steps < 1 ? FINEST : (rowsFromUs[steps]! / rowsFromUs[0]!) ** (1 / steps);
}

/** The row that a latency falls into, with its fraction within the row; rows go on below the first and above the last. */
export function rowOf(map: HeatMap, us: number): number {
  return Math.log(Math.max(us, 1) / (map.rowsFromUs[0] ?? 1)) / Math.log(stepOf(map));
}

/** Where a row begins, µs. */
export const rowFromUs = (map: HeatMap, row: number): number =>
  map.rowsFromUs[row] ?? (map.rowsFromUs[0] ?? 1) * stepOf(map) ** row;

/** Whole decades within some rows, for the labels of the axis. */
export function decadesIn(map: HeatMap, [first, end]: HeatFrame["rows"]): number[] {
  return Array.from({ length: 10 }, (_, i) => 10 ** i).filter((us) => {
    const row = rowOf(map, us);
    return row >= first && row <= end;
  });
}

/** The rows to show: those in use, and, where fewer than two decades lie in them, as many as reach to those around, as every log axis does. */
export function rowsShown(map: HeatMap): [number, number] {
  const [first, end] = rowsInUse(map);
  if (decadesIn(map, [first, end]).length > 1) return [first, end];
  const decades = logLatencyTicks(rowFromUs(map, first), rowFromUs(map, end)).map(({ value }) => rowOf(map, value));
  return [Math.min(first, Math.floor(decades[0]!)), Math.max(end, Math.ceil(decades.at(-1)!))];
}

/** The rows that hold a request, with one empty row around them. */
export function rowsInUse(map: HeatMap): [number, number] {
  const used = map.rowsFromUs.map((_, row) => map.columns.some((column) => (column.counts[row] ?? 0) > 0));
  const first = used.indexOf(true);
  if (first < 0) return [0, map.rowsFromUs.length];
  return [Math.max(0, first - 1), Math.min(map.rowsFromUs.length, used.lastIndexOf(true) + 2)];
}

/** How dark a count is, 0 to 1: by its logarithm, so that a single request in the tail is still seen. */
export function shadeOf(count: number, highest: number): number {
  if (count === 0) return 0;
  return 0.1 + 0.9 * (Math.log(count) / Math.log(Math.max(2, highest)));
}

/** Paints all cells onto a canvas of `width` × `height` CSS pixels. */
export function paintHeat(canvas: HTMLCanvasElement, frame: HeatFrame): void {
  const { map, range, width, height, rows, highest } = frame;
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = canvas.getContext("2d");
  if (!pen) return;
  const ramp = rampOf(canvas);
  pen.beginPath();
  pen.rect(ROOM.left * scale, 0, (width - ROOM.left - ROOM.right) * scale, canvas.height);
  pen.clip();
  for (const column of map.columns) {
    const at = Date.parse(column.at);
    const left = Math.round(xOf(at, range, width) * scale);
    const right = Math.round(xOf(at + map.stepSeconds * 1_000, range, width) * scale);
    for (let row = rows[0]; row < rows[1]; row += 1) {
      const count = column.counts[row] ?? 0;
      if (count === 0) continue;
      const top = Math.round(rowFoot(frame, row + 1) * scale);
      const foot = Math.round(rowFoot(frame, row) * scale);
      pen.fillStyle = ramp[Math.round(shadeOf(count, highest) * (SHADES - 1))]!;
      pen.fillRect(left, top, Math.max(1, right - left), foot - top);
    }
  }
}

/** Where on the ramp the chroma of p99 is reached. */
const FULL = 0.6;

/** From the surface to the deepest percentile's colour in even steps of lightness, which tells the count; in OKLCH. */
function rampOf(canvas: HTMLCanvasElement): string[] {
  const [from, middle, to] = ["surface", "p99", "p999"].map((name) => colourOf(canvas, `var(--${name})`));
  return Array.from({ length: SHADES }, (_, i) => {
    const part = i / (SHADES - 1);
    const lightness = mix(from![0], to![0], part);
    const chroma =
      part < FULL ? mix(from![1], middle![1], part / FULL) : mix(middle![1], to![1], (part - FULL) / (1 - FULL));
    return `oklch(${lightness.toFixed(4)} ${chroma.toFixed(4)} ${middle![2]})`;
  });
}

const mix = (a: number, b: number, part: number): number => a + (b - a) * part;

type Oklch = [lightness: number, chroma: number, hue: number];

/** What a colour of the theme is at this element, as numbers. */
function colourOf(element: HTMLElement, colour: string): Oklch {
  const before = element.style.color;
  element.style.color = `color-mix(in oklch, ${colour}, ${colour})`;
  const parts = /oklch\(([\d.]+) ([\d.]+) ([\d.]+|none)/.exec(getComputedStyle(element).color);
  element.style.color = before;
  return parts ? [Number(parts[1]), Number(parts[2]), Number(parts[3]) || 0] : [0.5, 0.1, 268];
}
