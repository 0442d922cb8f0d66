import { formatWidth } from "@/components/format/duration";
import { Card } from "@/components/ui/card";
import type { ReplicaStatus } from "@/lib/query/answers";

/** Whether the read replica is used, and how far it is behind. */
export function ReplicaCard({ replica }: { replica: ReplicaStatus }) {
  return (
    <Card title="Read replica">
      <p>{replicaText(replica)}</p>
    </Card>
  );
}

const ELSE = "Pages and the read API ask the database itself meanwhile.";

/** As this web process sees it. */
export function replicaText({ use, behindSeconds }: ReplicaStatus): string {
  if (use === "not_known") return `It was not measured yet. ${ELSE}`;
  if (use === "failed") return `It does not answer. ${ELSE}`;
  if (use === "behind")
    return behindSeconds === null
      ? `It is no replica of this database. ${ELSE}`
      : `It is ${formatWidth(behindSeconds)} behind. ${ELSE}`;
  if (behindSeconds === null || behindSeconds === 0) return "It is in step, and answers pages and the read API.";
  return `It is up to ${formatWidth(behindSeconds)} behind, and answers pages and the read API.`;
}
