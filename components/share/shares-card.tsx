"use client";
import { useRouter } from "next/navigation";
import { Confirm } from "@/components/account/confirm";
import { Moment } from "@/components/account/moment";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Foreign } from "@/components/ui/foreign";
import { Table, Td, Th } from "@/components/ui/table";
import type { ShareRow } from "@/lib/auth/shares";

/** A link with the name of its endpoint, where it is of one that is there. */
export type NamedShare = ShareRow & { endpoint: string | null };

/** Every link, those that work first. */
export function SharesCard({ shares, now }: { shares: NamedShare[]; now: number }) {
  const router = useRouter();
  const live = shares.filter((share) => !isOver(share, now)).length;
  return (
    <Card title="Shared links" note={shares.length > 0 ? `${live} in use` : undefined} flush>
      {shares.length === 0 ? (
        <EmptyState title="Nothing is shared">
          The button Share on the overview and on endpoints makes a link that needs no account, and expires.
        </EmptyState>
      ) : (
        <Table aria-label="Shared links">
          <thead>
            <tr>
              <Th>Shows</Th>
              <Th left roomy>
                May be embedded by
              </Th>
              <Th left roomy>
                Made by
              </Th>
              <Th roomy>Made</Th>
              <Th roomy>Last used</Th>
              <Th>Expires</Th>
              <Th>
                <span className="sr-only">Actions</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {shares.map((share) => (
              <Row key={share.id} share={share} over={isOver(share, now)} onDone={() => router.refresh()} />
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
}

const isOver = ({ revokedAt, expiresAt }: ShareRow, now: number): boolean =>
  revokedAt !== null || expiresAt.getTime() <= now;

function shows({ kind, endpoint, service, environment }: NamedShare): string {
  const place = [service, environment].filter((name) => name !== "").join(", ") || "all services";
  return kind === "endpoint" ? `${endpoint ?? "an endpoint that is gone"}, ${place}` : `Endpoints of ${place}`;
}

function Row({ share, over, onDone }: { share: NamedShare; over: boolean; onDone: () => void }) {
  const { embeddedBy, createdBy, createdAt, lastUsedAt, expiresAt, revokedAt, rangeFrom, rangeTo, users } = share;
  return (
    <tr className={over ? "text-muted" : undefined}>
      <Td wrap className="max-w-72 break-words">
        <span className="font-medium">
          <Foreign text={shows(share)} />
        </span>
        <span className="block text-small text-muted">
          {rangeFrom} to {rangeTo}
          {users && ", with users"}
        </span>
      </Td>
      <Td left roomy wrap className="text-muted">
        {embeddedBy.length === 0 ? "nobody" : embeddedBy.includes("*") ? "every site" : embeddedBy.join(", ")}
      </Td>
      <Td left roomy className="text-muted">
        {createdBy}
      </Td>
      <Td roomy>
        <Moment at={createdAt} />
      </Td>
      <Td roomy>
        <Moment at={lastUsedAt} />
      </Td>
      <Td>
        <Moment at={expiresAt} />
      </Td>
      <Td>
        {revokedAt !== null ? (
          "revoked"
        ) : over ? (
          "expired"
        ) : (
          <Confirm
            trigger={
              <Button kind="danger" size="small">
                Revoke
              </Button>
            }
            title="Revoke this link?"
            verb="Revoke the link"
            path={`/api/v1/shares/${share.id}`}
            onDone={onDone}
          >
            Whoever opens it from now on, on its own or within another site, is told that it is over. This cannot be
            undone; a new link can be made.
          </Confirm>
        )}
      </Td>
    </tr>
  );
}
