import type { Metadata } from "next";
import { StorageCard } from "@/components/settings/storage-card";
import { PageHeader } from "@/components/ui/page-header";
import { requireSession } from "@/lib/auth/access";
import { db, replicaStatus, storage } from "@/lib/query";

export const metadata: Metadata = { title: "Storage" };

export default async function Page() {
  await requireSession();
  return (
    <>
      <PageHeader title="Storage" note="what is kept, how long, and the room it takes" />
      <StorageCard storage={await storage(db())} replica={await replicaStatus()} />
    </>
  );
}
