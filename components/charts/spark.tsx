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

/** A line of a few pixels; a gap stays a gap, a lonely value is a dot. */
export const Spark = memo(function Spark({ values, colour, width = 72, height = 18, label, faint }: SparkProps) {
  const known = values.filter((value): value is number => value !== null);
  if (known.length === 0) return <span className="inline-block" style={{ width, height }} />;
  return (
    <svg
      width={width}
      height={height}
      className="inline-block align-middle"
      {...(label ? { role: "img", "aria-label": label } : { "aria-hidden": true })}
    >
      <path
        d={pathOf(values, { width, height, highest: Math.max(...known) })}
        fill="none"
        stroke={colour}
        strokeOpacity={faint ? 0.5 : 1}
        strokeWidth="1.4"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  );
});

interface Box {
  width: number;
  height: number;
  highest: number;
}

function pathOf(values: readonly (number | null)[], { width, height, highest }: Box): string {
  const x = (index: number) => 1 + (index / Math.max(1, values.length - 1)) * (width - 2);
  const y = (value: number) => height - 1.5 - (highest === 0 ? 0 : (value / highest) * (height - 3));
  let path = "";
  let down = false;
  values.forEach((value, index) => {
    if (value === null) return void (down = false);
    path += `${down ? "L" : "M"}${x(index).toFixed(1)},${y(value).toFixed(1)}`;
    // A point of no length gets a round cap: a lonely value is seen.
    if (!down && (values[index + 1] ?? null) === null) path += "h0";
    down = true;
  });
  return path;
}
