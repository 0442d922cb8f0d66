import { cut } from "../cut.ts";
import { stoppedWords } from "../stopped-words.ts";
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
  /** Another page that tells more; an address of more characters than services take is left out. */
  more: { text: string; url: string } | null;
  isOver: boolean;
}

/** Longest title that every service takes; the longest names are cut. */
const TITLE_LENGTH = 200;
const FACT_LENGTH = 300;
const MOST_URL = 900;

export function sentencesOf({ type, data }: Told): Sentences {
  const { incident, service, environment, endpoint, user, counts, endpoints, users, stopped, note, url } = data;
  const facts: [string, string | null][] = [
    ["Severity", incident.severity],
    ["Service", `${service}, ${environment}`],
    ["Endpoint", endpoint && `${endpoint.method} ${endpoint.route}`],
    ["User", user],
    ["Seen", seenText(data.observed)],
    ["Stopped", stopped?.queries[0] ? stoppedWords(stopped.queries[0]) : null],
    ["Stopped before", stopped?.queries.slice(1).map(stoppedWords).join("; ") ?? null],
    ["Series", seriesText(counts)],
    ["Worst endpoints", endpoints.length > 1 ? endpoints.map(endpointText).join("; ") : null],
    ["Users in the tail", users.map(({ user: name, tailShare }) => `${name} (${percent(tailShare)})`).join(", ")],
    ["Acknowledged by", incident.acknowledgedBy],
  ];
  return {
    title: cut(`${HAPPENED[type]}: ${incident.rule}`, TITLE_LENGTH),
    facts: facts.flatMap(([name, value]) => (value ? [[name, cut(value, FACT_LENGTH)] as const] : [])),
    note,
    url,
    more: stopped && stopped.url.length <= MOST_URL ? { text: "Open the stopped queries", url: stopped.url } : null,
    isOver: type === "incident.resolved",
  };
}

/** How many of what, when there is more than one thing to say. */
function seriesText({ firing, recovering, muted, resolved }: Told["data"]["counts"]): string | null {
  const parts = [
    [firing - recovering, "firing"],
    [recovering, "recovering"],
    [muted, "of them muted"],
    [resolved, "resolved"],
  ] as const;
  if (firing + resolved < 2 && muted === 0) return null;
  return parts.flatMap(([count, word]) => (count > 0 ? [`${count} ${word}`] : [])).join(", ");
}

/** An endpoint with what was seen there, of a rule about a whole service its p99. */
function endpointText({ method, route, observed, p99Us }: Told["data"]["endpoints"][number]): string {
  const seen = observed === null ? null : valueText(observed);
  const figure = seen ?? (p99Us === null ? null : `p99 ${latency(p99Us)}`);
  return figure === null ? `${method} ${route}` : `${method} ${route} ${figure}`;
}

function valueText(observed: NonNullable<Told["data"]["observed"]>): string | null {
  const pair = PAIRS.find(([name]) => typeof observed[name] === "number");
  return pair === undefined ? null : pair[2](observed[pair[0]] as number);
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
  if (typeof seen !== "number") return value === "valueQueries" ? "nothing told by a query guard" : "no requests";
  const what = typeof percentile === "number" ? `p${percentile} ` : "";
  // A number of requests says it by itself, and prefill and stopped queries rest on none.
  const base =
    typeof count === "number" && count > 0 && value !== "valueCount"
      ? `, of ${count} ${count === 1 ? "request" : "requests"}`
      : "";
  return `${what}${shown(seen)}${typeof limit === "number" ? `, threshold ${shown(limit)}` : ""}${base}`;
}

function latency(us: number): string {
  if (us < 1_000) return `${Math.round(us)} µs`;
  return us < 1e6 ? `${Math.round(us / 100) / 10} ms` : `${plain(us / 1e6)} s`;
}
const plain = (value: number): string => String(Math.round(value * 100) / 100);
const PAIRS = [
  ["valueUs", "thresholdUs", latency],
  ["valueShare", "thresholdShare", (share: number) => `${plain(share * 100)} %`],
  ["valueBurnRate", "thresholdBurnRate", (rate: number) => `${plain(rate)} × the budget`],
  ["valueUsers", "thresholdUsers", (count: number) => `${count} ${count === 1 ? "user" : "users"}`],
  ["valueQueries", "thresholdQueries", (count: number) => `${count} ${count === 1 ? "query" : "queries"}`],
  ["valueCount", "thresholdCount", (count: number) => `${count} ${count === 1 ? "request" : "requests"}`],
] as const;

/** The text of an e-mail. */
export function textOf(told: Told): { subject: string; text: string } {
  const { title, facts, note, url, more } = sentencesOf(told);
  const lines = [
    title,
    "",
    ...facts.map(([name, value]) => `${name}: ${value}`),
    ...(note ? ["", note] : []),
    "",
    url,
    ...(more ? [`${more.text}: ${more.url}`] : []),
    "",
  ];
  return { subject: `[tailfill] ${title.replace(/[\r\n]+/g, " ")}`, text: lines.join("\n") };
}
