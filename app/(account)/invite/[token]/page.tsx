import type { Metadata } from "next";
import { AccountFrame } from "@/components/account/account-frame";
import { NewAccountForm } from "@/components/account/new-account-form";
import { ButtonLink } from "@/components/ui/button";
import { invitedEmail } from "@/lib/auth/invitations";

export const metadata: Metadata = { title: "Invitation" };

export default async function InvitePage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const email = await invitedEmail(token);
  if (email === null) return <Expired />;
  return (
    <AccountFrame title="Join tailfill" lead="You are invited to see this team's tail. Choose a password.">
      <NewAccountForm token={token} invited={email} path="/api/auth/invite" />
    </AccountFrame>
  );
}

function Expired() {
  return (
    <AccountFrame
      title="This invitation does not work"
      lead="It was used, withdrawn, replaced by a newer one, or is older than seven days. Ask whoever sent it for a new one."
    >
      <ButtonLink href="/sign-in" className="h-9 w-full">
        Sign in
      </ButtonLink>
    </AccountFrame>
  );
}
