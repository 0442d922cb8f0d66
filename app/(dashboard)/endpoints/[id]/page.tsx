import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { SearchParams } from "nuqs/server";
import { EndpointPage } from "@/components/endpoint/endpoint-page";
import { loadView } from "@/components/range/load-view";
import { questionSearch } from "@/components/range/view";
import { requireSession } from "@/lib/auth/access";
import { TailfillError } from "@/lib/errors";
import { db, endpoint, LOSS_TEXT, parseQuestion, tailUsers } from "@/lib/query";
import { initialOf } from "../../data/initial";

interface PageProps {
  params: Promise<{ id: string }>;
  searchParams: Promise<SearchParams>;
}

export const metadata: Metadata = { title: "Endpoint" };

export default async function Page({ params, searchParams }: PageProps) {
  await requireSession();
  const id = Number((await params).id);
  const view = { ...(await loadView(searchParams)), service: "", environment: "" };
  const search = questionSearch(view);
  const tailSearch = questionSearch(view, { only: ["from", "to"] });
  const now = Date.now();
  const question = { ...parseQuestion("endpoint", new URLSearchParams(search)), id };
  const tailQuestion = { ...parseQuestion("tailUsers", new URLSearchParams(tailSearch)), id };
  const [answer, initialTail] = await Promise.all([
    endpoint(db(), question, now).catch(orNotFound),
    initialOf(tailSearch, () => tailUsers(db(), tailQuestion, now)),
  ]);
  return (
    <EndpointPage
      key={id}
      endpoint={identityOf(answer)}
      initial={{ search, answer, at: now }}
      initialTail={initialTail}
      lossTexts={LOSS_TEXT}
    />
  );
}

function orNotFound(error: unknown): never {
  if (error instanceof TailfillError && error.code === "not_found") notFound();
  throw error;
}

function identityOf({ id, service, environment, method, route }: Awaited<ReturnType<typeof endpoint>>) {
  return { id, service, environment, method, route };
}
