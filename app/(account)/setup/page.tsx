import type { Metadata } from "next";
import { AccountFrame } from "@/components/account/account-frame";
import { NewAccountForm } from "@/components/account/new-account-form";
import { ButtonLink } from "@/components/ui/button";
import { setupState } from "@/lib/auth/first-user";

export const metadata: Metadata = { title: "First visit" };

type Search = Promise<{ token?: string | string[] }>;

export default async function SetupPage({ searchParams }: { searchParams: Search }) {
  const { token } = await searchParams;
  const state = await setupState(token);
  if (state === "closed") return <Closed />;
  if (state === "expired" || typeof token !== "string") return <Expired />;
  return (
    <AccountFrame
      title="Welcome to tailfill"
      lead="Make the first account. This link works once; afterwards setup is closed for good."
    >
      <NewAccountForm token={token} path="/api/auth/setup" />
    </AccountFrame>
  );
}

function Closed() {
  return (
    <AccountFrame
      title="Setup is closed"
      lead="This server has an account already. Sign in, or ask somebody who has one for an invitation."
    >
      <ButtonLink href="/sign-in" kind="primary" className="h-9 w-full">
        Sign in
      </ButtonLink>
    </AccountFrame>
  );
}

function Expired() {
  return (
    <AccountFrame
      title="This link does not work"
      lead="It is incomplete, was replaced by a newer one, or is older than an hour."
    >
      <p className="text-table text-muted">
        Restart tailfill: while no account exists, each start prints a new link after <em>First visit</em>.
      </p>
    </AccountFrame>
  );
}
