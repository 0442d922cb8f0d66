import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

/** An address that no page has. */
export default function NotFound() {
  return (
    <main className="pt-[12vh]">
      <EmptyState alone title="There is no such page" actions={<ButtonLink href="/">Go to the overview</ButtonLink>}>
        The address may be mistyped.
      </EmptyState>
    </main>
  );
}
