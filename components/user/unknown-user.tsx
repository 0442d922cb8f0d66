"use client";
import { shownShort } from "@/components/format/shown";
import type { View } from "@/components/range/view";
import { Button, ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";

interface UnknownUserProps {
  view: View;
  change: (changes: Partial<View>) => void;
}

/** Nobody of this id was ever seen: that is another thing than a user who was not there in a range. */
export function UnknownUser({ view: { service }, change }: UnknownUserProps) {
  return (
    <Card flush>
      <EmptyState
        title="Unknown user"
        actions={
          <>
            {service !== "" && <Button onClick={() => change({ service: "", environment: "" })}>All services</Button>}
            <ButtonLink href="/users">Find a user</ButtonLink>
          </>
        }
      >
        No app{service !== "" && <bdi> under the name {shownShort(service, 60)}</bdi>} has sent a request of a user with
        exactly this id. Ids are told apart by every character, capitals and blanks too; an id that was not seen for 400
        days is forgotten.
      </EmptyState>
    </Card>
  );
}
