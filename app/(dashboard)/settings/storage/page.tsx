import type { Metadata } from "next";
import { StorageCard } from "@/components/settings/storage-card";
import { PageHeader } from "@/components/ui/page-header";
import { requireSession } from "@/lib/auth/access";
import { systemClock } from "@/lib/clock";
import { db, replicaStatus, storage } from "@/lib/query";

export const metadata: Metadata = { title: "Storage" };

export default async function Page() {
  await requireSession();
  const nowMs = systemClock.now();
  return (
    <>
      <PageHeader title="Storage" note="what is kept, how long, the room it takes, and what will become of it" />
      <StorageCard storage={await storage(db(), nowMs)} nowMs={nowMs} replica={await replicaStatus()} />
    </>
  );
}
