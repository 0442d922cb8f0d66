import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";

export default function NotFound() {
  return (
    <Card flush>
      <EmptyState title="There is no such endpoint" alone actions={<ButtonLink href="/">See all endpoints</ButtonLink>}>
        No endpoint has the id in this address: it may be mistyped, or be of another tailfill server.
      </EmptyState>
    </Card>
  );
}
