"use client";
import type { ReactNode } from "react";
import { CheckBox } from "@/components/ui/check-box";
import { Choice } from "@/components/ui/choice";
import type { RuleKind } from "@/lib/query/alert-rule-schemas";
import { DraftField, FieldRow, Labelled, type Drafting } from "./draft-field";
import { PairsField } from "./pairs-field";

/** What a rule of each kind wants to know. */
export function KindFields({ of }: { of: Drafting }) {
  return <div className="flex flex-col gap-3">{KINDS[of.draft.kind](of)}</div>;
}

const KINDS: Record<RuleKind, (of: Drafting) => ReactNode> = {
  percentile: (of) => (
    <FieldRow>
      <Percentile of={of} />
      <DraftField of={of} field="latency" label="Above" hint="as 500 ms or 1.2 s" narrow required />
      <Window of={of} />
      <MinCount of={of} hint="empty: as many as the percentile needs" />
    </FieldRow>
  ),
  error_rate: (of) => <RateFields of={of} label="Server errors above" />,
  abort_rate: (of) => <RateFields of={of} label="Aborted above" />,
  traffic: (of) => (
    <>
      <Labelled label="Than in the same hours a week before">
        <Choice
          label="Direction"
          value={of.draft.direction}
          options={[
            { value: "drop", label: "Fewer requests" },
            { value: "surge", label: "More requests" },
          ]}
          onChange={(direction) => of.set({ direction })}
        />
      </Labelled>
      <FieldRow>
        <DraftField of={of} field="change" label="By at least" hint="50 % is half" narrow required />
        <Window of={of} hint="whole minutes" />
        <MinCount of={of} hint="of the week before" />
      </FieldRow>
    </>
  ),
  silence: (of) => (
    <FieldRow>
      <Window of={of} label="No request for" />
    </FieldRow>
  ),
  burn_rate: (of) => (
    <>
      <FieldRow>
        <DraftField of={of} field="objective" label="Good requests" hint="of all, as 99.9 %" narrow required />
        <DraftField
          of={of}
          field="target"
          label="Good is within"
          hint="a latency; empty: without a server error"
          narrow
        />
        <MinCount of={of} hint="in either window" />
      </FieldRow>
      <PairsField of={of} />
    </>
  ),
  user: (of) => (
    <>
      <FieldRow>
        <DraftField of={of} field="user" label="User" hint="the app's own id; empty: any user" maxLength={256} />
      </FieldRow>
      <FieldRow>
        <Percentile of={of} />
        <DraftField of={of} field="latency" label="Above" hint="as 500 ms or 1.2 s" narrow required />
        <Window of={of} hint="whole minutes, up to 6 h" />
        <MinCount of={of} hint="of the user" />
      </FieldRow>
    </>
  ),
  prefill: (of) => (
    <>
      <Labelled label="When">
        <Choice
          label="What about prefill"
          value={of.draft.about}
          options={[
            { value: "harm", label: "Filling did harm" },
            { value: "budget", label: "The budget is spent" },
            { value: "candidates", label: "Users are worth filling" },
          ]}
          onChange={(about) => of.set({ about, ...(about === "budget" && { share: "90 %" }) })}
        />
      </Labelled>
      {of.draft.about === "budget" && (
        <DraftField of={of} field="share" label="More than" hint="of an hour's budget" narrow required />
      )}
      {of.draft.about === "candidates" && (
        <DraftField of={of} field="users" label="At least" hint="users" narrow required />
      )}
    </>
  ),
  stopped_queries: (of) => (
    <>
      <FieldRow>
        <DraftField of={of} field="queries" label="At least" hint="queries that were stopped" narrow required />
        <Window of={of} label="Within the last" />
      </FieldRow>
      <label className="flex cursor-pointer items-center gap-2 text-table touch:min-h-11">
        <CheckBox checked={of.draft.dryRuns} onChange={(dryRuns) => of.set({ dryRuns })} />
        <span>
          Count dry runs, too <span className="text-muted">what a guard without --apply would have stopped</span>
        </span>
      </label>
    </>
  ),
};

function RateFields({ of, label }: { of: Drafting; label: string }) {
  return (
    <FieldRow>
      <DraftField of={of} field="share" label={label} hint="of all requests, as 2 %" narrow required />
      <Window of={of} />
      <MinCount of={of} />
    </FieldRow>
  );
}

const Percentile = ({ of }: { of: Drafting }) => (
  <DraftField of={of} field="percentile" label="Percentile" hint="as 99 or 99.9" narrow required />
);

const Window = ({ of, label = "Over the last", hint }: { of: Drafting; label?: string; hint?: string }) => (
  <DraftField of={of} field="window" label={label} hint={hint ?? "1 min to 1 d"} narrow required />
);

const MinCount = ({ of, hint }: { of: Drafting; hint?: string }) => (
  <DraftField of={of} field="minCount" label="At least requests" hint={hint ?? "fewer say nothing"} narrow />
);
