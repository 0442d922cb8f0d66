import type { Told } from "./fit.ts";

/** What happened, in words, for every form that people read. */
const HAPPENED: Record<Told["type"], string> = {
  "incident.opened": "Firing",
  "incident.updated": "Firing, more than before",
  "incident.repeated": "Still firing",
  "incident.resolved": "Resolved",
  "incident.acknowledged": "Acknowledged",
  test: "Test",
};

export interface Sentences {
  title: string;
  /** Name and value, in the order of use. */
  facts: readonly (readonly [string, string])[];
  note: string | null;
  url: string;
  isOver: boolean;
}

/** Longest title that every service takes; the longest names are cut. */
const TITLE_LENGTH = 200;
const FACT_LENGTH = 300;

export function sentencesOf({ type, data }: Told): Sentences {
  const { incident, service, environment, endpoint, user, counts, users, note, url } = data;
  const facts: [string, string | null][] = [
    ["Service", `${service}, ${environment}`],
    ["Endpoint", endpoint && `${endpoint.method} ${endpoint.route}`],
    ["User", user],
    ["Seen", seenText(data.observed)],
    ["Series", counts.firing + counts.resolved > 1 ? `${counts.firing} firing, ${counts.resolved} resolved` : null],
    ["Users in the tail", users.map(({ user: name, tailShare }) => `${name} (${percent(tailShare)})`).join(", ")],
    ["Acknowledged by", incident.acknowledgedBy],
  ];
  return {
    title: cut(`${HAPPENED[type]}: ${incident.rule}`, TITLE_LENGTH),
    facts: facts.flatMap(([name, value]) => (value ? [[name, cut(value, FACT_LENGTH)] as const] : [])),
    note,
    url,
    isOver: type === "incident.resolved",
  };
}

/** At most so many characters; never half a character of two, which several services refuse. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

function seenText(observed: Told["data"]["observed"]): string | null {
  if (observed === null) return null;
  const pair = PAIRS.find(([value]) => observed[value] !== undefined);
  if (pair === undefined) return null;
  const [value, threshold, shown] = pair;
  const { percentile, count } = observed;
  const [seen, limit] = [observed[value], observed[threshold]];
  // What has no value was not seen: with `noData: breach`, that is what fires.
  if (typeof seen !== "number") return "no requests";
  const what = typeof percentile === "number" ? `p${percentile} ` : "";
  // A number of requests says it by itself, and prefill rests on none.
  const base = typeof count === "number" && count > 0 && value !== "valueCount" ? `, of ${count} requests` : "";
  return `${what}${shown(seen)}${typeof limit === "number" ? `, threshold ${shown(limit)}` : ""}${base}`;
}

const milliseconds = (us: number): string => `${Math.round(us / 100) / 10} ms`;
const plain = (value: number): string => String(Math.round(value * 100) / 100);
const PAIRS = [
  ["valueUs", "thresholdUs", milliseconds],
  ["valueShare", "thresholdShare", (share: number) => `${plain(share * 100)} %`],
  ["valueBurnRate", "thresholdBurnRate", (rate: number) => `${plain(rate)} × the budget`],
  ["valueUsers", "thresholdUsers", (count: number) => `${count} users`],
  ["valueCount", "thresholdCount", (count: number) => `${count} requests`],
] as const;

/** The text of an e-mail. */
export function textOf(told: Told): { subject: string; text: string } {
  const { title, facts, note, url } = sentencesOf(told);
  const lines = [
    title,
    "",
    ...facts.map(([name, value]) => `${name}: ${value}`),
    ...(note ? ["", note] : []),
    "",
    url,
    "",
  ];
  return { subject: `[tailfill] ${title.replace(/[\r\n]+/g, " ")}`, text: lines.join("\n") };
}
