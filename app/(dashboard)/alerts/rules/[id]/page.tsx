import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { ruleOf } from "@/components/alerts/rule-words";
import { RulePage } from "@/components/alerts/rule/rule-page";
import { shownShort } from "@/components/format/shown";
import { listReceivers } from "@/lib/alerts/delivery/receivers";
import { oneRule } from "@/lib/alerts/rules";
import { requireSession } from "@/lib/auth/access";
import { TailfillError } from "@/lib/errors";
import { db } from "@/lib/query";

interface PageProps {
  params: Promise<{ id: string }>;
}

/** Asked once a request, for the page and for its title. */
const readRule = cache(async (id: string) => {
  await requireSession();
  return { answer: await oneRule(db(), id), at: Date.now() };
});

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const known = await readRule((await params).id).catch(() => null); // the page itself tells what is wrong
  return { title: known === null ? "Rule" : `Rule: ${shownShort(ruleOf(known.answer).name, 80)}` };
}

export default async function Page({ params }: PageProps) {
  const { answer, at } = await readRule((await params).id).catch(orNotFound);
  const names = Object.fromEntries((await listReceivers(db())).map(({ id, name }) => [id, name]));
  return <RulePage key={answer.id} initial={{ search: "", answer, at }} receivers={names} />;
}

function orNotFound(error: unknown): never {
  if (error instanceof TailfillError && error.code === "not_found") notFound();
  throw error;
}
