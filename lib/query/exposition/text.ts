import type { Family, Sample } from "./family.ts";
import type { Form } from "./negotiate.ts";

/** Lines of one piece of text. */
const LINES_AT_ONCE = 1_000;

/** Families in a text form of Prometheus, in pieces of about 100 kB. */
export function* exposition(families: Iterable<Family>, form: Form): Generator<string> {
  let lines: string[] = [];
  for (const family of families) {
    lines.push(...headOf(family, form));
    const { name } = family;
    for (const sample of family.samples) {
      if (sample.suffix === "_created" && form === "prometheus") continue; // which knows it not: it would be a gauge
      lines.push(lineOf(name, sample));
      if (lines.length < LINES_AT_ONCE) continue;
      yield `${lines.join("\n")}\n`;
      lines = [];
    }
  }
  if (form === "openmetrics") lines.push("# EOF");
  yield `${lines.join("\n")}\n`;
}

/** What the older form has in the names of families that have but one kind of sample. */
const SUFFIX: Partial<Record<Family["type"], string>> = { counter: "_total", info: "_info" };

/** OpenMetrics names a family without its suffix, the older form with it. */
function headOf({ name, type, unit, help }: Family, form: Form): string[] {
  if (form === "openmetrics") {
    const units = unit === undefined ? [] : [`# UNIT ${name} ${unit}`];
    return [`# TYPE ${name} ${type}`, ...units, `# HELP ${name} ${escapedHelp(help, form)}`];
  }
  const whole = name + (SUFFIX[type] ?? "");
  return [`# HELP ${whole} ${escapedHelp(help, form)}`, `# TYPE ${whole} ${type === "info" ? "gauge" : type}`];
}

const lineOf = (name: string, { suffix, labels, value }: Sample): string => `${name}${suffix}${labels} ${value}`;

function escapedHelp(help: string, form: Form): string {
  const escaped = help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return form === "openmetrics" ? escaped.replaceAll('"', '\\"') : escaped;
}
