import { formatCountExactly } from "@/components/format/count";
import { formatDuration, formatWidth } from "@/components/format/duration";
import { formatShare } from "@/components/format/share";
import { trimmed } from "@/components/format/trimmed";
import { shownShort } from "@/components/format/shown";
import type { Rule, RuleKind, RuleOf } from "@/lib/query/alert-rule-schemas";

/** What a rule says, in words: one sentence without a full stop. */

export const KIND_NAMES: Record<RuleKind, string> = {
  percentile: "Latency percentile",
  error_rate: "Error rate",
  abort_rate: "Abort rate",
  traffic: "Traffic drop or surge",
  silence: "Silence",
  burn_rate: "SLO burn rate",
  user: "Latency of a user",
  prefill: "Prefill",
  stopped_queries: "Stopped queries",
};

const LONGEST = 80;

const latency = (us: number): string => trimmed(formatDuration(us));
const share = (part: number): string => trimmed(formatShare(part));

/** What the requests are that a rule looks at. */
export function placeWords(rule: Rule): string {
  if (rule.kind === "prefill") return "the service";
  if (rule.endpoint !== undefined) return shownShort(`${rule.endpoint.method} ${rule.endpoint.route}`, LONGEST);
  return rule.endpoints === undefined ? "all endpoints together" : `each of ${shownShort(rule.endpoints, LONGEST)}`;
}

const over = ({ windowSeconds }: { windowSeconds: number }) => `over ${formatWidth(windowSeconds)}`;

const SENTENCES: { [Kind in RuleKind]: (rule: RuleOf<Kind>) => string } = {
  percentile: (rule) => `p${rule.percentile} of ${placeWords(rule)} above ${latency(rule.thresholdUs)} ${over(rule)}`,
  error_rate: (rule) => `server errors of ${placeWords(rule)} above ${share(rule.thresholdShare)} ${over(rule)}`,
  abort_rate: (rule) => `aborted requests of ${placeWords(rule)} above ${share(rule.thresholdShare)} ${over(rule)}`,
  traffic: (rule) =>
    `${share(rule.changeShare)} ${rule.direction === "drop" ? "fewer" : "more"} requests to ${placeWords(rule)} than a week before, ${over(rule)}`,
  silence: (rule) => `no request to ${placeWords(rule)} for ${formatWidth(rule.windowSeconds)}`,
  burn_rate: (rule) =>
    `the error budget of ${placeWords(rule)} (${goodWords(rule)}) burns faster than ${factors(rule.pairs)}`,
  user: (rule) =>
    `p${rule.percentile} of ${rule.user === undefined ? "any user" : `the user ${shownShort(rule.user, 40)}`} at ${placeWords(rule)} above ${latency(rule.thresholdUs)} ${over(rule)}`,
  prefill: (rule) => PREFILL[rule.about](rule.threshold),
  stopped_queries: (rule) =>
    `${queries(rule.thresholdCount)} of ${isWhole(rule) ? "the service" : placeWords(rule)} stopped by a guard ${within(rule)}${rule.includeDryRuns ? ", dry runs counted" : ""}`,
};

const isWhole = ({ endpoint, endpoints }: RuleOf<"stopped_queries">) =>
  endpoint === undefined && endpoints === undefined;
const queries = (count: number) => (count === 1 ? "a query" : `${formatCountExactly(count)} or more queries`);
const within = ({ windowSeconds }: { windowSeconds: number }) => `within ${formatWidth(windowSeconds)}`;

const percent = (part: number): string => `${Number((part * 100).toPrecision(7))}\u00a0%`;
const goodWords = ({ objective, targetUs }: RuleOf<"burn_rate">): string =>
  `${percent(objective)} ${targetUs === undefined ? "without an error" : `within ${latency(targetUs)}`}`;
const factors = (pairs: RuleOf<"burn_rate">["pairs"]): string =>
  pairs
    .map(
      ({ factor, longSeconds, shortSeconds }) =>
        `${factor}\u00a0× in ${formatWidth(longSeconds)} and ${formatWidth(shortSeconds)}`,
    )
    .join(", or ");

const PREFILL: Record<RuleOf<"prefill">["about"], (threshold: number | undefined) => string> = {
  harm: () => "filling did harm and was switched off",
  budget: (part = 0.9) => `fills took more than ${share(part)} of an hour's budget`,
  candidates: (users = 1) => `${formatCountExactly(users)} or more new users are worth filling, and nobody fills`,
};

export function ruleWords(rule: Rule): string {
  const sentence = (SENTENCES[rule.kind] as (rule: Rule) => string)(rule);
  return rule.forSeconds === 0 ? sentence : `${sentence}, for ${formatWidth(rule.forSeconds)}`;
}

/** The rule of an answer: the API gives it as it was stored, every default filled in. */
export const ruleOf = ({ rule }: { rule: object }): Rule => rule as Rule;
