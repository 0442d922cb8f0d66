import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { AccountFrame } from "@/components/account/account-frame";
import { SignInForm } from "@/components/account/sign-in-form";
import { ownAddress } from "@/lib/auth/own-address";
import { currentSession } from "@/lib/auth/session";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: { searchParams: Promise<{ to?: string | string[] }> }) {
  const to = ownAddress((await searchParams).to);
  if ((await currentSession()) !== null) redirect(to);
  return (
    <AccountFrame title="Sign in">
      <SignInForm to={to} />
    </AccountFrame>
  );
}
