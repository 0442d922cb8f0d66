import { readLatency, readNumber, readPercent, readWidth } from "@/components/format/read-figure";
import type { PairDraft, RuleDraft, TextField } from "./rule-draft";

/** What of a draft cannot be read, by field. */
export type DraftProblems = Partial<Record<TextField | "pairs", string>>;

type Body = Record<string, unknown>;

/** Fields that a rule may do without: a change takes them away where they are empty. */
const OPTIONAL = ["endpoint", "endpoints", "minCount", "group", "note", "targetUs", "user", "threshold"] as const;

/**
 * A draft as the API takes it. Pure. What can be read at all is the API's to judge: it tells every problem of a rule, here and to
 * other programs.
 */
export function bodyOf(draft: RuleDraft): { body: Body; problems: DraftProblems } {
  const reader = new Reader(draft);
  const body = {
    name: draft.name,
    kind: draft.kind,
    service: draft.service,
    environment: draft.environment,
    ...(draft.kind === "prefill" ? {} : placeOf(reader)),
    ...KINDS[draft.kind](reader),
    ...(draft.kind === "burn_rate" ? {} : { severity: draft.severity }),
    forSeconds: reader.width("for"),
    keepFiringSeconds: reader.width("keepFiring"),
    noData: draft.noData,
    receivers: draft.receivers,
    ...optionalText("note", draft.note),
    ...optionalText("group", draft.group),
    groupWaitSeconds: reader.width("groupWait"),
    groupIntervalSeconds: reader.width("groupInterval"),
    repeatSeconds: reader.width("repeat"),
  };
  return { body, problems: reader.problems };
}

/** The fields in which a draft differs from how it began: what somebody else changed meanwhile stays. What is empty now is taken away. */
export function changeOf(start: RuleDraft, draft: RuleDraft): Body {
  const [before, now] = [withNulls(bodyOf(start).body), withNulls(bodyOf(draft).body)];
  const isSame = (field: string) => JSON.stringify(before[field]) === JSON.stringify(now[field]);
  return Object.fromEntries(Object.entries(now).filter(([field]) => !isSame(field)));
}

const withNulls = (body: Body): Body => ({
  ...Object.fromEntries(OPTIONAL.map((field) => [field, null])),
  ...Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)),
});

const KINDS: Record<RuleDraft["kind"], (reader: Reader) => Body> = {
  percentile: (of) => ({
    percentile: of.number("percentile"),
    thresholdUs: of.latency("latency"),
    windowSeconds: of.width("window"),
    ...of.minCount(),
  }),
  error_rate: (of) => ({ thresholdShare: of.percent("share"), windowSeconds: of.width("window"), ...of.minCount() }),
  abort_rate: (of) => ({ thresholdShare: of.percent("share"), windowSeconds: of.width("window"), ...of.minCount() }),
  traffic: (of) => ({
    direction: of.draft.direction,
    changeShare: of.percent("change"),
    windowSeconds: of.width("window"),
    ...of.minCount(),
  }),
  silence: (of) => ({ windowSeconds: of.width("window") }),
  burn_rate: (of) => ({
    objective: of.percent("objective"),
    ...(of.draft.target.trim() === "" ? {} : { targetUs: of.latency("target") }),
    pairs: of.pairs(),
    ...of.minCount(),
  }),
  user: (of) => ({
    ...optionalText("user", of.draft.user),
    percentile: of.number("percentile"),
    thresholdUs: of.latency("latency"),
    windowSeconds: of.width("window"),
    ...of.minCount(),
  }),
  prefill: (of) => ({ about: of.draft.about, ...thresholdOf(of) }),
  stopped_queries: (of) => ({
    thresholdCount: of.number("queries"),
    windowSeconds: of.width("window"),
    includeDryRuns: of.draft.dryRuns,
  }),
};

function thresholdOf(of: Reader): Body {
  if (of.draft.about === "budget") return { threshold: of.percent("share") };
  return of.draft.about === "candidates" ? { threshold: of.number("users") } : {};
}

function placeOf({ draft, problems }: Reader): Body {
  if (draft.scope === "pattern") {
    if (draft.pattern.trim() === "") problems.pattern = "Write a pattern: GET /api/*";
    return { endpoints: draft.pattern };
  }
  if (draft.scope === "service") return {};
  const [, method, route] = /^(\S+)\s+(\S.*)$/s.exec(draft.endpoint.trim()) ?? [];
  if (method === undefined) problems.endpoint = "Write method and route: GET /users/:id";
  return { endpoint: { method, route } };
}

const optionalText = (name: string, text: string): Body => (text.trim() === "" ? {} : { [name]: text });

/** Reads the texts of a draft, and notes those that cannot be. */
class Reader {
  readonly problems: DraftProblems = {};

  constructor(readonly draft: RuleDraft) {}

  latency = (field: TextField) => this.read(field, readLatency, "Write a latency: 500 ms, 1.2 s");
  width = (field: TextField) => this.read(field, readWidth, "Write a time: 30 s, 5 min, 1 h");
  percent = (field: TextField) => this.read(field, readPercent, "Write a percentage: 2 %, 99.9 %");
  number = (field: TextField) => this.read(field, readNumber, "Write a number");
  minCount = (): Body => (this.draft.minCount.trim() === "" ? {} : { minCount: this.number("minCount") });

  pairs(): Body[] {
    return this.draft.pairs.map((pair) => {
      const read = pairOf(pair);
      if (Object.values(read).includes(null))
        this.problems.pairs = "Each pair needs a factor and two times: 14.4, 1 h, 5 min";
      return read;
    });
  }

  private read(field: TextField, how: (text: string) => number | null, problem: string): number | undefined {
    const value = how(this.draft[field]);
    if (value === null) this.problems[field] = problem;
    return value ?? undefined;
  }
}

const pairOf = ({ factor, long, short, severity }: PairDraft): Body => ({
  factor: readNumber(factor),
  longSeconds: readWidth(long),
  shortSeconds: readWidth(short),
  severity,
});
