import type { Metadata } from "next";
import { SharesCard } from "@/components/share/shares-card";
import { PageHeader } from "@/components/ui/page-header";
import { requireSession } from "@/lib/auth/access";
import { listShares } from "@/lib/auth/shares";
import { db, endpointIdentity } from "@/lib/query";

export const metadata: Metadata = { title: "Links" };

export default async function LinksPage() {
  await requireSession();
  const now = Date.now();
  const shares = await listShares();
  const named = await Promise.all(
    shares.map(async (share) => ({ ...share, endpoint: await nameOf(share.endpointId) })),
  );
  return (
    <>
      <PageHeader title="Links" note="what people without an account can see, and until when" />
      <SharesCard shares={named} now={now} />
    </>
  );
}

async function nameOf(endpointId: number | null): Promise<string | null> {
  if (endpointId === null) return null;
  const found = await endpointIdentity(db(), String(endpointId)).catch(() => null);
  return found && `${found.method} ${found.route}`;
}
