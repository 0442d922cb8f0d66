import type { Metadata } from "next";
import { RuleForm } from "@/components/alerts/rule/rule-form";
import { startDraft } from "@/components/alerts/rule/start-draft";
import { listReceivers } from "@/lib/alerts/delivery/receivers";
import { requireSession } from "@/lib/auth/access";
import { db, type PageParameters, services } from "@/lib/query";

export const metadata: Metadata = { title: "New rule" };

export default async function Page({ searchParams }: { searchParams: Promise<PageParameters> }) {
  await requireSession();
  const [known, receivers, asked] = await Promise.all([services(db(), Date.now()), listReceivers(db()), searchParams]);
  const places = known.services.flatMap(({ name, environments }) =>
    environments.map((environment) => ({ service: name, environment })),
  );
  return <RuleForm start={startDraft(asked, places)} services={known.services} receivers={receivers} />;
}
