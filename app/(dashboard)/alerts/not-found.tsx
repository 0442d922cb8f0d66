import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";

export default function NotFound() {
  return (
    <Card flush>
      <EmptyState
        title="There is no such rule or incident"
        alone
        actions={<ButtonLink href="/alerts">See all alerts</ButtonLink>}
      >
        It was removed, or the address is mistyped. Incidents are kept for 400 days after they are over.
      </EmptyState>
    </Card>
  );
}
