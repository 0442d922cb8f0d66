"use client";
import { parseAsString, useQueryState } from "nuqs";
import { useDeferredValue } from "react";
import { FoundUsers } from "@/components/overview/found-users";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { SearchField } from "@/components/ui/search-field";

/** The search for a user by the beginning of the id. */
export function FindUserPage() {
  const [wanted, setWanted] = useQueryState("q", parseAsString.withDefault("").withOptions({ throttleMs: 250 }));
  const text = useDeferredValue(wanted);
  return (
    <>
      <PageHeader title="Users" note="of the apps that send here" />
      <Card>
        <div className="flex flex-col gap-3 py-2">
          <SearchField
            label="Search users"
            placeholder="Beginning of a user's id"
            value={wanted}
            onChange={(value) => void setWanted(value === "" ? null : value)}
            className="w-full max-w-96"
          />
          {text === "" ? (
            <p className="text-table text-muted">
              An id is what the app's <code className="font-mono">user</code> option gives. Users in an endpoint's tail
              are listed on the endpoint's page.
            </p>
          ) : (
            <FoundUsers text={text} none="No user's id begins with this. Capital letters count." />
          )}
        </div>
      </Card>
    </>
  );
}
