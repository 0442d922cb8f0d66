import type { Metadata } from "next";
import { AccountFrame } from "@/components/account/account-frame";
import { NewPasswordForm } from "@/components/account/new-password-form";
import { ButtonLink } from "@/components/ui/button";
import { passwordLinkEmail } from "@/lib/auth/password-links";

export const metadata: Metadata = { title: "New password" };

export default async function NewPasswordPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const email = await passwordLinkEmail(token);
  if (email === null) return <Expired />;
  return (
    <AccountFrame title="Choose a new password" lead="It replaces the lost one, and ends every session of yours.">
      <NewPasswordForm token={token} email={email} />
    </AccountFrame>
  );
}

function Expired() {
  return (
    <AccountFrame
      title="This link does not work"
      lead="It was used, was replaced by a newer one, or is older than an hour. Whoever made it can make another."
    >
      <ButtonLink href="/sign-in" className="h-9 w-full">
        Sign in
      </ButtonLink>
    </AccountFrame>
  );
}
