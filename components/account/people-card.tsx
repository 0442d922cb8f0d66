"use client";
import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Table, Td, Th } from "@/components/ui/table";
import type { Person } from "@/lib/auth/users";
import { Confirm } from "./confirm";
import { InviteButton } from "./invite-button";
import { Moment } from "./moment";

interface PeopleCardProps {
  people: Person[];
  /** Id of the person who looks. */
  self: string;
}

/** Who may sign in. */
export function PeopleCard({ people, self }: PeopleCardProps) {
  const router = useRouter();
  const refresh = () => router.refresh();
  return (
    <Card title="Users" note="may see and change everything here" actions={<InviteButton onDone={refresh} />} flush>
      <Table>
        <thead>
          <tr>
            <Th>E-mail</Th>
            <Th roomy>Since</Th>
            <Th roomy>Last seen</Th>
            <Th>
              <span className="sr-only">Actions</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <tr key={person.id}>
              <Td>
                <span className="font-medium">{person.email}</span>
                {person.id === self && <span className="ml-2 text-muted">you</span>}
              </Td>
              <Td roomy>
                <Moment at={person.createdAt} />
              </Td>
              <Td roomy>
                <Moment at={person.lastSeenAt} none="signed out" />
              </Td>
              <Td>
                <Remove person={person} self={self} last={people.length === 1} onDone={refresh} />
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

interface RemoveProps {
  person: Person;
  self: string;
  last: boolean;
  onDone: () => void;
}

function Remove({ person, self, last, onDone }: RemoveProps) {
  if (last) return <span className="text-muted">the last one stays</span>;
  const own = person.id === self;
  return (
    <Confirm
      trigger={
        <Button kind="danger" size="small">
          Remove
        </Button>
      }
      title={own ? "Remove your own account?" : `Remove ${person.email}?`}
      verb={own ? "Remove my account" : "Remove the user"}
      path={`/api/auth/people/${encodeURIComponent(person.id)}`}
      onDone={own ? () => window.location.assign("/sign-in") : onDone}
    >
      Every session of this person ends at once. API keys that they made stay in use: revoke them under Keys if they
      should go too.
    </Confirm>
  );
}
