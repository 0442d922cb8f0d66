import { Foreign } from "@/components/ui/foreign";
import { PageLink } from "@/components/ui/page-link";
import { ROW_HOVER, ROW_LINK } from "@/components/ui/row-link";
import { Td } from "@/components/ui/table";
import type { AlertBoardAnswer } from "@/lib/alerts/board";
import { ruleOf, ruleWords } from "../rule-words";
import { seenWords } from "../seen-words";
import { StateBadge } from "../state-badge";

/** A rule by its name and its words; what it says of the worst of its series. */
export function RuleRow({ rule }: { rule: AlertBoardAnswer["rules"][number] }) {
  const definition = ruleOf(rule);
  const { value, threshold } = seenWords(rule.worst?.observed ?? null);
  const bad = rule.state === "firing";
  return (
    <tr className={`${ROW_HOVER} relative hover:bg-sunken has-focus-visible:bg-accent-soft`} {...ROW_LINK}>
      <Td wrap className="max-w-0 min-w-40 phone:w-[52%]">
        <PageLink href={`/alerts/rules/${rule.id}`} className="font-medium after:absolute after:inset-0">
          <span className="line-clamp-2 break-words">
            <Foreign text={definition.name} />
          </span>
        </PageLink>
        <span className="block text-small break-words text-muted">{ruleWords(definition)}</span>
        <span className="mt-1 block phone:hidden">
          <StateBadge state={rule.state} />
        </span>
        {rule.health === "error" && (
          <span className="block text-small text-server">
            could not be asked: {rule.worst?.why ?? "look into the log"}
          </span>
        )}
      </Td>
      <Td left roomy className="max-w-48 truncate text-muted">
        <Foreign text={`${definition.service}, ${definition.environment}`} />
      </Td>
      <Td edge className={bad ? "font-medium text-server" : ""}>
        {value ?? <span className="text-muted">–</span>}
      </Td>
      <Td roomy className="text-muted">
        {threshold ?? "–"}
      </Td>
      <Td roomy className="text-muted">
        {rule.firing > 0 ? `${rule.firing} of ${rule.seriesCount} firing` : rule.seriesCount}
      </Td>
      <Td roomy>
        <StateBadge state={rule.state} />
      </Td>
    </tr>
  );
}
