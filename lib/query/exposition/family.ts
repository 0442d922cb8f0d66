/** A metric family, as both text forms write it. */
export interface Family {
  /** Without the suffix of a counter (`_total`) or of an info (`_info`). */
  name: string;
  type: "counter" | "gauge" | "histogram" | "info";
  /** The last word of the name, where it is a unit. */
  unit?: "seconds";
  help: string;
  /** Its samples, in the order in which they are written. */
  samples: Iterable<Sample>;
}

export interface Sample {
  /** What follows the name: `_total`, `_bucket`, `_sum`, `_count`, `_info`, `_created`; nothing for a gauge. */
  suffix: string;
  /** As `labelsOf` gives them. */
  labels: string;
  value: number;
}

/** Labels as text, `{a="b"}`; nothing without. */
export function labelsOf(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapedLabel(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

/** The same labels and one more. */
export const withLabel = (labels: string, name: string, value: string): string =>
  `${labels.slice(0, -1)},${name}="${escapedLabel(value)}"}`;

const escapedLabel = (value: string): string =>
  value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
