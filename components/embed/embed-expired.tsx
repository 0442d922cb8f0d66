import { EmptyState } from "@/components/ui/empty-state";

/** In place of what was shared, also within another site. */
export function EmbedExpired() {
  return (
    <main className="p-4">
      <EmptyState alone title="This link is over">
        It has expired, was revoked, or never was. Whoever shared it can make another.
      </EmptyState>
    </main>
  );
}
