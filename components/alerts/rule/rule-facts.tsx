import type { ReactNode } from "react";
import { Moment } from "@/components/account/moment";
import { formatWidth } from "@/components/format/duration";
import { formatRequests } from "@/components/format/count";
import { Card } from "@/components/ui/card";
import { Foreign } from "@/components/ui/foreign";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";
import { ruleOf } from "../rule-words";
import { SeverityWord } from "../state-badge";

interface RuleFactsProps {
  answer: AlertAnswer<"AlertRule">;
  receivers: Readonly<Record<string, string>>;
}

const NO_DATA = {
  resolve: "resolves what fires, told as no data",
  keep: "lets it fire on",
  breach: "counts as a breach",
} as const;

/** Everything else that the rule says. */
export function RuleFacts({ answer, receivers }: RuleFactsProps) {
  const rule = ruleOf(answer);
  return (
    <Card title="Terms">
      <dl className="text-table">
        {"severity" in rule && (
          <Fact name="Severity">
            <SeverityWord severity={rule.severity} />
          </Fact>
        )}
        <Fact name="Fires after">
          {rule.forSeconds === 0 ? "the first breach" : `${formatWidth(rule.forSeconds)} of it`}
        </Fact>
        <Fact name="Resolves after">
          {rule.keepFiringSeconds === 0
            ? "the first time it is well"
            : `${formatWidth(rule.keepFiringSeconds)} of being well`}
        </Fact>
        {"minCount" in rule && <Fact name="Says something from">{formatRequests(rule.minCount)} on</Fact>}
        <Fact name="No data">{NO_DATA[rule.noData]}</Fact>
        <Fact name="Tells">
          <Receivers ids={rule.receivers} names={receivers} />
        </Fact>
        <Fact name="Told">
          {formatWidth(rule.groupWaitSeconds)} after the first, new ones every {formatWidth(rule.groupIntervalSeconds)},
          again every {formatWidth(rule.repeatSeconds)}
        </Fact>
        {rule.group !== undefined && (
          <Fact name="Group">
            <Foreign text={rule.group} />
          </Fact>
        )}
        <Fact name={answer.source === "file" ? "Kept by the rules file since" : "Changed"}>
          <Moment at={new Date(answer.changedAt)} />
          {answer.changedBy !== null && `, ${answer.changedBy}`}
        </Fact>
        {rule.note !== undefined && (
          <Fact name="What to do">
            <span className="whitespace-pre-wrap">{rule.note}</span>
          </Fact>
        )}
      </dl>
    </Card>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex gap-3 border-b border-line-soft py-[7px] last:border-0 last:pb-0">
      <dt className="w-32 shrink-0 text-muted">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}

function Receivers({ ids, names }: { ids: readonly string[]; names: Readonly<Record<string, string>> }) {
  if (ids.length === 0) return <span className="text-muted">nobody: it is only shown here</span>;
  return ids.map((id, index) => (
    <span key={id}>
      {index > 0 && ", "}
      {names[id] === undefined ? (
        <span className="text-server">a receiver that is gone</span>
      ) : (
        <Foreign text={names[id]} />
      )}
    </span>
  ));
}
