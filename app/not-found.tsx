import type { Metadata } from "next";
import { Logo } from "@/components/shell/logo";
import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { currentSession } from "@/lib/auth/session";
import { Frame } from "./(dashboard)/frame";

export const metadata: Metadata = { title: "No such page" };

/** An address that no page has: within the dashboard's frame for who is signed in. */
export default async function NotFound() {
  const session = await currentSession().catch(() => null); // a database that is down does not make another page of it
  if (session !== null)
    return (
      <Frame email={session.email}>
        <Card flush>
          <Words />
        </Card>
      </Frame>
    );
  return (
    <main className="flex flex-col items-center pt-[12vh]">
      <div className="flex items-center gap-2 text-[17px] font-semibold tracking-[-0.015em]">
        <Logo />
        tailfill
      </div>
      <Words />
    </main>
  );
}

function Words() {
  return (
    <EmptyState alone title="There is no such page" actions={<ButtonLink href="/">Go to the overview</ButtonLink>}>
      The address may be mistyped.
    </EmptyState>
  );
}
