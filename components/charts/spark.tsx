import { memo } from "react";

interface SparkProps {
  values: readonly (number | null)[];
  colour: string;
  width?: number;
  height?: number;
  /** What it shows, in words; without it the spark is decoration beside a figure. */
  label?: string;
  /** Its figures rest on too few samples. */
  faint?: boolean;
}

/** A line of a few pixels over a ground at zero; a gap stays a gap, a lonely value is a dot. */
export const Spark = memo(function Spark({ values, colour, width = 72, height = 18, label, faint }: SparkProps) {
  const known = values.filter((value): value is number => value !== null);
  const { lines, dots } = pathsOf(values, { width, height, highest: Math.max(...known) });
  if (known.length === 0) return <span className="inline-block" style={{ width, height }} />;
  return (
    <svg
      width={width}
      height={height}
      className="inline-block align-middle"
      {...(label ? { role: "img", "aria-label": label } : { "aria-hidden": true })}
    >
      <path d={`M0,${height - 0.5}H${width}`} stroke="var(--line)" strokeWidth="1" />
      <g stroke={colour} strokeOpacity={faint ? 0.5 : 1} fill="none" strokeLinejoin="round" strokeLinecap="round">
        <path d={lines} strokeWidth="1.4" />
        <path d={dots} strokeWidth="4" />
      </g>
    </svg>
  );
});

interface Box {
  width: number;
  height: number;
  highest: number;
}

/** Room for the round end of a line or a dot. */
const ROOM = 2;

function pathsOf(values: readonly (number | null)[], { width, height, highest }: Box): { lines: string; dots: string } {
  const last = values.length - 1;
  const x = (index: number) => ROOM + (last === 0 ? 1 : index / last) * (width - 2 * ROOM); // the newest is at the right
  const y = (value: number) => height - ROOM - (highest === 0 ? 0 : (value / highest) * (height - 2 * ROOM));
  const paths = { lines: "", dots: "" };
  values.forEach((value, index) => {
    if (value === null) return;
    const [before, after] = [values[index - 1] ?? null, values[index + 1] ?? null];
    const point = `${x(index).toFixed(1)},${y(value).toFixed(1)}`;
    if (before === null && after === null)
      paths.dots += `M${point}h0`; // of no length: its round ends are the dot
    else paths.lines += `${before === null ? "M" : "L"}${point}`;
  });
  return paths;
}
