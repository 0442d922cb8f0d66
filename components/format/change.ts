const NBSP = "\u00a0";

export interface Change {
  /** Short: "▲ 18 %". */
  text: string;
  /** The same in words, for hover and screen readers. */
  words: string;
  direction: "up" | "down" | "same";
}

/** How a figure changed against the period before; `null` where one of the two is missing or there was nothing. */
export function formatChange(before: number | null, now: number | null): Change | null {
  if (before === null || now === null) return null;
  if (before === now) return same();
  if (before === 0) return null;
  const ratio = now / before;
  if (ratio >= 10) return change("up", `${digits(ratio)}${NBSP}×`, `${digits(ratio)} times as much as before`);
  const percent = (ratio - 1) * 100;
  if (Math.abs(percent) < 0.5) return same();
  const size = `${Math.abs(percent).toFixed(0)}${NBSP}%`;
  return percent > 0
    ? change("up", size, `${size} more than before`)
    : change("down", size, `${size} less than before`);
}

/** How a share (0 to 1) changed, in percentage points. */
export function formatPoints(before: number | null, now: number | null): Change | null {
  if (before === null || now === null) return null;
  const points = (now - before) * 100;
  if (Math.abs(points) < 0.005) return same();
  const figure = Math.abs(points) < 0.095 ? Math.abs(points).toFixed(2) : Math.abs(points).toFixed(1);
  const direction = points > 0 ? "up" : "down";
  const words = `${figure} percentage points ${points > 0 ? "more" : "less"} than before`;
  return change(direction, `${figure}${NBSP}pt`, words);
}

const same = (): Change => ({ text: `=${NBSP}same`, words: "the same as before", direction: "same" });

function change(direction: "up" | "down", size: string, words: string): Change {
  return { text: `${direction === "up" ? "▲" : "▼"}${NBSP}${size}`, words, direction };
}

const digits = (ratio: number) => (ratio < 99.5 ? ratio.toFixed(0) : String(Number(ratio.toPrecision(2))));
