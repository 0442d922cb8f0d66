import type { Metadata } from "next";
import { PasswordForm } from "@/components/account/password-form";
import { SessionsCard } from "@/components/account/sessions-card";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { requireSession } from "@/lib/auth/access";

export const metadata: Metadata = { title: "Account" };

export default async function AccountPage() {
  const { email } = await requireSession();
  return (
    <>
      <PageHeader title="Account" note={email} />
      <div className="flex flex-col gap-6">
        <Card title="Password" note="changing it ends your other sessions">
          <PasswordForm />
        </Card>
        <SessionsCard />
      </div>
    </>
  );
}
