"use client";
import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Table, Td, Th } from "@/components/ui/table";
import type { ApiKeyRow } from "@/lib/auth/api-keys";
import { Confirm } from "./confirm";
import { Moment } from "./moment";
import { NewKey } from "./new-key";

/** All keys, live ones first. */
export function KeysCard({ keys }: { keys: ApiKeyRow[] }) {
  const router = useRouter();
  const refresh = () => router.refresh();
  const live = keys.filter((key) => key.revokedAt === null).length;
  return (
    <Card
      title="API keys"
      note={keys.length > 0 ? `${live} in use` : undefined}
      actions={<NewKey onDone={refresh} />}
      flush
    >
      {keys.length === 0 ? (
        <EmptyState title="No keys yet">An app needs a key with the scope ingest to send its latencies.</EmptyState>
      ) : (
        <Table>
          <thead>
            <tr>
              <Th>Name</Th>
              <Th left roomy>
                Key
              </Th>
              <Th left roomy>
                May
              </Th>
              <Th left roomy>
                Made by
              </Th>
              <Th roomy>Made</Th>
              <Th>Last used</Th>
              <Th>
                <span className="sr-only">Actions</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {keys.map((key) => (
              <KeyRow key={key.id} apiKey={key} onDone={refresh} />
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
}

function KeyRow({ apiKey, onDone }: { apiKey: ApiKeyRow; onDone: () => void }) {
  const revoked = apiKey.revokedAt !== null;
  return (
    <tr className={revoked ? "text-muted" : undefined}>
      <Td wrap className="max-w-60 font-medium break-words">
        {apiKey.name}
        <span className="block text-small font-normal text-muted phone:hidden">
          <span className="font-mono">{apiKey.hint}…</span> may {apiKey.scopes.join(", ")}
        </span>
      </Td>
      <Td left roomy className="font-mono text-small">
        {apiKey.hint}…
      </Td>
      <Td left roomy>
        {apiKey.scopes.join(", ")}
      </Td>
      <Td left roomy className="text-muted">
        {apiKey.createdBy ?? "settings"}
      </Td>
      <Td roomy>
        <Moment at={apiKey.createdAt} />
      </Td>
      <Td>
        <Moment at={apiKey.lastUsedAt} />
      </Td>
      <Td>
        {apiKey.revokedAt !== null ? (
          <>
            revoked <Moment at={apiKey.revokedAt} />
          </>
        ) : (
          <Confirm
            trigger={
              <Button kind="danger" size="small">
                Revoke
              </Button>
            }
            title={`Revoke “${apiKey.name}”?`}
            verb="Revoke the key"
            path={`/api/v1/keys/${apiKey.id}`}
            onDone={onDone}
          >
            Within 5 seconds every request with it is refused. An app that still uses it loses its latencies from then
            on; what it sent is kept. This cannot be undone.
          </Confirm>
        )}
      </Td>
    </tr>
  );
}
