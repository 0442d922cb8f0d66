"use client";
import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Table, Td, Th } from "@/components/ui/table";
import type { Invitation } from "@/lib/auth/invitations";
import { Confirm } from "./confirm";
import { Moment } from "./moment";

/** Invitations that nobody used yet. */
export function InvitationsCard({ invitations }: { invitations: Invitation[] }) {
  const router = useRouter();
  return (
    <Card title="Open invitations" flush>
      <Table>
        <thead>
          <tr>
            <Th>E-mail</Th>
            <Th left roomy>
              Invited by
            </Th>
            <Th>Expires</Th>
            <Th>
              <span className="sr-only">Actions</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {invitations.map((invitation) => (
            <tr key={invitation.id}>
              <Td wrap className="font-medium break-all">
                {invitation.email}
              </Td>
              <Td left roomy className="text-muted">
                {invitation.createdBy}
              </Td>
              <Td>
                <Moment at={invitation.expiresAt} />
              </Td>
              <Td>
                <Confirm
                  trigger={
                    <Button kind="danger" size="small">
                      Withdraw
                    </Button>
                  }
                  title={`Withdraw the invitation of ${invitation.email}?`}
                  verb="Withdraw"
                  path={`/api/auth/invitations/${invitation.id}`}
                  onDone={() => router.refresh()}
                >
                  The link stops working at once.
                </Confirm>
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}
