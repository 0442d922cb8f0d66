import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ruleOf } from "@/components/alerts/rule-words";
import { draftOf } from "@/components/alerts/rule/draft-of";
import { RuleForm } from "@/components/alerts/rule/rule-form";
import { listReceivers } from "@/lib/alerts/delivery/receivers";
import { oneRule } from "@/lib/alerts/rules";
import { requireSession } from "@/lib/auth/access";
import { TailfillError } from "@/lib/errors";
import { db, services } from "@/lib/query";

export const metadata: Metadata = { title: "Edit rule" };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  await requireSession();
  const { id } = await params;
  const [answer, known, receivers] = await Promise.all([
    oneRule(db(), id).catch(orNotFound),
    services(db(), Date.now()),
    listReceivers(db()),
  ]);
  const isOfFile = answer.source === "file";
  return <RuleForm id={id} start={draftOf(ruleOf(answer))} services={known.services} {...{ isOfFile, receivers }} />;
}

function orNotFound(error: unknown): never {
  if (error instanceof TailfillError && error.code === "not_found") notFound();
  throw error;
}
