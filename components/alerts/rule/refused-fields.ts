import type { DraftProblems } from "./rule-body";
import type { TextField } from "./rule-draft";

/** Where the form has what the API calls by another name. */
const FIELDS: Readonly<Record<string, TextField | "pairs">> = {
  name: "name",
  service: "service",
  environment: "environment",
  endpoint: "endpoint",
  endpoints: "pattern",
  percentile: "percentile",
  thresholdUs: "latency",
  thresholdShare: "share",
  thresholdCount: "queries",
  changeShare: "change",
  objective: "objective",
  targetUs: "target",
  pairs: "pairs",
  user: "user",
  threshold: "users",
  windowSeconds: "window",
  minCount: "minCount",
  forSeconds: "for",
  keepFiringSeconds: "keepFiring",
  group: "group",
  groupWaitSeconds: "groupWait",
  groupIntervalSeconds: "groupInterval",
  repeatSeconds: "repeat",
};

/** One problem of the API's: a field's name, a colon, what is wrong. */
const PROBLEM = /(?:^| )([a-zA-Z]+)(?:\.[\w.]+)?: (.*?\.)(?= [a-zA-Z]+(?:\.[\w.]+)?: |$)/g;

/** What the API refused, said at the fields that it is about; the rest is said above them. Pure. */
export function refusedFields(message: string): { fields: DraftProblems; rest: string } {
  const fields: DraftProblems = {};
  const rest = message.replace(PROBLEM, (whole, name: string, problem: string) => {
    const field = Object.hasOwn(FIELDS, name) ? FIELDS[name]! : undefined;
    if (field === undefined) return whole;
    fields[field] = problem[0]!.toUpperCase() + problem.slice(1);
    return "";
  });
  const left = rest.trim();
  return { fields, rest: left !== "" || message === "" ? left : "Some fields were refused: see what is said at each." };
}
