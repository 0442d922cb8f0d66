"use client";
import { Confirm } from "@/components/account/confirm";
import { Foreign } from "@/components/ui/foreign";
import { shortName } from "../short-name";
import type { ActionProps } from "./receiver-actions";

const MOST_NAMED = 5;

/** Removes a receiver, and says what goes with it. */
export function RemoveReceiver({ receiver, ...dialog }: ActionProps) {
  const { id, name, rules } = receiver;
  return (
    <Confirm
      {...dialog}
      title={`Remove “${shortName(name)}”?`}
      verb="Remove the receiver"
      path={`/api/v1/alerts/receivers/${id}`}
    >
      Its deliveries go with it, those that wait too. This cannot be undone.{" "}
      {rules.length === 0 ? "No rule names it." : <RulesThatName rules={rules} />}
    </Confirm>
  );
}

function RulesThatName({ rules }: { rules: readonly { id: string; name: string }[] }) {
  const more = rules.length - MOST_NAMED;
  return (
    <>
      {rules.length === 1
        ? "One rule names it and will tell one receiver less: "
        : `${rules.length} rules name it and will tell one receiver less: `}
      {rules.slice(0, MOST_NAMED).map((rule, index) => (
        <span key={rule.id} className="font-medium wrap-anywhere text-text [&_bdi]:whitespace-pre-wrap">
          {index > 0 && ", "}
          <Foreign text={rule.name} />
        </span>
      ))}
      {more > 0 && `, and ${more} more`}.
    </>
  );
}
