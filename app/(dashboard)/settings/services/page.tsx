import type { Metadata } from "next";
import { ServicesCard } from "@/components/settings/services-card";
import { ButtonLink } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { requireSession } from "@/lib/auth/access";
import { db, services } from "@/lib/query";

export const metadata: Metadata = { title: "Services" };

export default async function Page() {
  await requireSession();
  return (
    <>
      <PageHeader title="Services" note="what has ever sent something here">
        <ButtonLink href="/start">Connect an app</ButtonLink>
      </PageHeader>
      <ServicesCard services={(await services(db(), Date.now())).services} now={Date.now()} />
    </>
  );
}
