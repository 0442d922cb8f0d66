/**
 * A strict reader of both text forms of metrics, written against their specifications and not against our writer: Prometheus 0.0.4
 * and OpenMetrics 1.0. Whatever it does not expect, it refuses.
 */
export interface ReadSample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export interface ReadFamily {
  name: string;
  type: string;
  help: string;
  samples: ReadSample[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*/;

/** What may stand behind the name of a family of a type. In the older form, the family is named with the suffix. */
const SUFFIXES: Record<string, Record<"prometheus" | "openmetrics", string[]>> = {
  counter: { prometheus: [""], openmetrics: ["_total", "_created"] },
  gauge: { prometheus: [""], openmetrics: [""] },
  info: { prometheus: [], openmetrics: ["_info"] },
  histogram: { prometheus: ["_bucket", "_sum", "_count"], openmetrics: ["_bucket", "_sum", "_count", "_created"] },
};

/** @throws Error that names the line that is wrong */
export function readExposition(text: string, form: "prometheus" | "openmetrics"): Map<string, ReadFamily> {
  const families = new Map<string, ReadFamily>();
  const lines = text.split("\n");
  if (lines.pop() !== "") throw new Error("the last line has no end");
  if (form === "openmetrics" && lines.pop() !== "# EOF") throw new Error("# EOF is not the last line");
  let current: ReadFamily | undefined;
  const seen = new Set<string>();
  for (const line of lines) {
    if (line.startsWith("#")) {
      const meta = /^# (TYPE|HELP|UNIT) (\S+) (.*)$/.exec(line);
      if (meta === null) throw new Error(`no comment that is allowed: ${line}`);
      const [, kind, name, rest] = meta as unknown as [string, string, string, string];
      if (current?.name !== name) {
        if (families.has(name)) throw new Error(`${name} comes twice`);
        current = { name, type: "", help: "", samples: [] };
        families.set(name, current);
      }
      if (current.samples.length > 0) throw new Error(`a comment behind samples: ${line}`);
      if (kind === "TYPE") current.type = rest;
      if (kind === "HELP") current.help = rest;
      if (kind === "UNIT" && (form === "prometheus" || !name.endsWith(`_${rest}`))) throw new Error(`unit: ${line}`);
      continue;
    }
    if (current === undefined) throw new Error(`a sample without a family: ${line}`);
    const sample = readSample(line);
    const suffixes = SUFFIXES[current.type]?.[form] ?? [];
    if (!suffixes.some((suffix) => sample.name === current!.name + suffix))
      throw new Error(`${sample.name} is no sample of the ${current.type} ${current.name}`);
    const key = JSON.stringify([sample.name, sortedEntries(sample.labels)]);
    if (seen.has(key)) throw new Error(`twice: ${line}`);
    seen.add(key);
    current.samples.push(sample);
  }
  for (const family of families.values()) {
    if (family.help === "" || family.type === "") throw new Error(`${family.name} lacks HELP or TYPE`);
    if (family.type === "histogram") checkHistogram(family);
  }
  return families;
}

const sortedEntries = (labels: Record<string, string>) =>
  Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1));

function readSample(line: string): ReadSample {
  const name = NAME.exec(line)?.[0];
  if (name === undefined) throw new Error(`no name: ${line}`);
  let rest = line.slice(name.length);
  const labels: Record<string, string> = {};
  if (rest.startsWith("{")) {
    rest = rest.slice(1);
    while (!rest.startsWith("}")) {
      const label = LABEL.exec(rest)?.[0];
      if (label === undefined || !rest.startsWith('="', label.length) || label in labels)
        throw new Error(`bad label: ${line}`);
      const { value, length } = readQuoted(rest.slice(label.length + 2), line);
      labels[label] = value;
      rest = rest.slice(label.length + 2 + length);
      if (rest.startsWith(",")) rest = rest.slice(1);
      else if (!rest.startsWith("}")) throw new Error(`bad labels: ${line}`);
    }
    rest = rest.slice(1);
  }
  if (!/^ (\+Inf|-?\d+(\.\d+)?(e[+-]?\d+)?)$/.test(rest)) throw new Error(`bad value: ${line}`);
  return { name, labels, value: rest === " +Inf" ? Infinity : Number(rest) };
}

/** A label's value up to its closing quote: only `\\`, `\"` and `\n` are escapes. */
function readQuoted(text: string, line: string): { value: string; length: number } {
  let value = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === '"') return { value, length: at + 1 };
    if (char !== "\\") {
      value += char;
      continue;
    }
    const escape = { "\\": "\\", '"': '"', n: "\n" }[text[++at] ?? ""];
    if (escape === undefined) throw new Error(`bad escape: ${line}`);
    value += escape;
  }
  throw new Error(`a label does not end: ${line}`);
}

/** Buckets ascend, in edge and count, and end in +Inf with all samples. */
function checkHistogram({ name, samples }: ReadFamily): void {
  const counts = new Map<string, { le: number; count: number }[]>();
  const totals = new Map<string, number>();
  for (const { name: sample, labels, value } of samples) {
    const { le, ...rest } = labels;
    const key = JSON.stringify(sortedEntries(rest));
    if (sample === `${name}_bucket`) {
      if (le === undefined) throw new Error(`${name}: a bucket without le`);
      const edge = le === "+Inf" ? Infinity : Number(le);
      counts.set(key, [...(counts.get(key) ?? []), { le: edge, count: value }]);
    } else if (le !== undefined) throw new Error(`${name}: le on ${sample}`);
    if (sample === `${name}_count`) totals.set(key, value);
  }
  for (const [key, buckets] of counts) {
    for (const [at, { le, count }] of buckets.entries())
      if (at > 0 && (le <= buckets[at - 1]!.le || count < buckets[at - 1]!.count))
        throw new Error(`${name}: not ascending`);
    if (buckets.at(-1)!.le !== Infinity || buckets.at(-1)!.count !== totals.get(key))
      throw new Error(`${name}: +Inf is not all`);
  }
}

/** The value of one sample; fails when there is not exactly one of these labels. */
export function valueOf(families: Map<string, ReadFamily>, name: string, labels: Record<string, string>): number {
  const found = [...families.values()]
    .flatMap(({ samples }) => samples)
    .filter((one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value));
  if (found.length !== 1) throw new Error(`${found.length} samples of ${name} ${JSON.stringify(labels)}`);
  return found[0]!.value;
}
