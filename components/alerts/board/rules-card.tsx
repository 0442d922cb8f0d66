"use client";
import { parseAsString, useQueryState } from "nuqs";
import { useDeferredValue, useMemo, useState } from "react";
import { Button, ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { focusFirstRow, moveByRow } from "@/components/ui/row-keys";
import { SearchField } from "@/components/ui/search-field";
import { Table, Th } from "@/components/ui/table";
import { TableFiles } from "@/components/ui/table-files";
import type { AlertBoardAnswer } from "@/lib/alerts/board";
import { ruleOf } from "../rule-words";
import { matches } from "./rule-matches";
import { RuleRow } from "./rule-row";
import { RulesFile, RulesFileOutcome, type RulesFileTold } from "./rules-file";

type Rules = AlertBoardAnswer["rules"];

/** Every rule with what it said last: what needs a look first. */
export function RulesCard({ rules, onDone }: { rules: Rules; onDone: () => void }) {
  const [wanted, setWanted] = useQueryState("q", parseAsString.withDefault("").withOptions({ throttleMs: 250 }));
  const [outcome, setOutcome] = useState<RulesFileTold | null>(null);
  const text = useDeferredValue(wanted.trim().toLowerCase());
  const shown = useMemo(() => rules.filter((rule) => matches(rule, text)).sort(byNeed), [rules, text]);
  return (
    <Card
      title="Rules"
      note={rules.length > 0 ? `${rules.length}, each with the worst that it said last` : undefined}
      flush
      actions={
        <>
          <RulesFile onDone={onDone} told={setOutcome} />
          {rules.length > 0 && (
            <SearchField
              label="Search rules"
              placeholder="Search  /"
              value={wanted}
              onChange={(value) => void setWanted(value === "" ? null : value)}
              onGoOn={() => focusFirstRow("Rules")}
              className="w-44"
            />
          )}
          {rules.length > 0 && (
            <TableFiles
              table="alert-rules"
              label="these rules"
              search={text === "" ? "" : new URLSearchParams({ q: text }).toString()}
            />
          )}
        </>
      }
    >
      {outcome !== null && (
        <div className="px-4 pb-2">
          <RulesFileOutcome outcome={outcome} />
        </div>
      )}
      {rules.length === 0 ? (
        <NoRules />
      ) : shown.length === 0 ? (
        <EmptyState
          title="No rule matches"
          actions={<Button onClick={() => void setWanted(null)}>Clear search</Button>}
        >
          None of {rules.length} rules has “{wanted}” in its name, service or words.
        </EmptyState>
      ) : (
        <RulesTable rules={shown} />
      )}
    </Card>
  );
}

function RulesTable({ rules }: { rules: Rules }) {
  const [all, setAll] = useState(false);
  const listed = all ? rules : rules.slice(0, AT_FIRST);
  return (
    <>
      <Table aria-label="Rules">
        <thead>
          <tr>
            <Th>Rule</Th>
            <Th left roomy>
              Service
            </Th>
            <Th edge>Last value</Th>
            <Th roomy>Threshold</Th>
            <Th roomy>Series</Th>
            <Th roomy>State</Th>
          </tr>
        </thead>
        <tbody onKeyDown={moveByRow}>
          {listed.map((rule) => (
            <RuleRow key={rule.id} rule={rule} />
          ))}
        </tbody>
      </Table>
      {listed.length < rules.length && (
        <div className="border-t border-line-soft p-2 text-center">
          <Button kind="quiet" size="small" onClick={() => setAll(true)}>
            Show all {rules.length}
          </Button>
        </div>
      )}
    </>
  );
}

/** So many at first: there may be two thousand, and each is drawn anew every few seconds. */
const AT_FIRST = 100;

const NEED = ["firing", "recovering", "pending", "no_data", "waiting", "ok", "off"] as const;
const needOf = ({ state, health }: Rules[number]) => (health === "error" ? 2.5 : NEED.indexOf(state));
const byNeed = (a: Rules[number], b: Rules[number]) =>
  needOf(a) - needOf(b) || ruleOf(a).name.localeCompare(ruleOf(b).name);

function NoRules() {
  return (
    <EmptyState
      title="No rules yet"
      actions={
        <>
          <ButtonLink kind="primary" href="/alerts/rules/new">
            Make the first rule
          </ButtonLink>
          <ButtonLink href="/alerts/receivers">Say who is told</ButtonLink>
        </>
      }
    >
      A rule says what must not happen: a p99 above a threshold, errors, silence, a budget that burns. It is judged
      every 10 s, by the same figures as the charts, and can be tried on the last days before it is made.
    </EmptyState>
  );
}
