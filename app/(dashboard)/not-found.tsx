import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";

export default function NotFound() {
  return (
    <Card flush>
      <EmptyState title="There is no such page" actions={<ButtonLink href="/">Go to the overview</ButtonLink>}>
        The address may be mistyped, or what it showed was removed.
      </EmptyState>
    </Card>
  );
}
