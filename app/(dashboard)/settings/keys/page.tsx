import type { Metadata } from "next";
import { KeysCard } from "@/components/account/keys-card";
import { PageHeader } from "@/components/ui/page-header";
import { requireSession } from "@/lib/auth/access";
import { listApiKeys } from "@/lib/auth/api-keys";

export const metadata: Metadata = { title: "Keys" };

export default async function KeysPage() {
  await requireSession();
  return (
    <>
      <PageHeader title="Keys" note="what apps and programs show to be let in" />
      <KeysCard keys={await listApiKeys()} />
    </>
  );
}
