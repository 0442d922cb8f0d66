import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { SearchParams } from "nuqs/server";
import { cache, Suspense } from "react";
import { EndpointPage } from "@/components/endpoint/endpoint-page";
import { EndpointWaiting } from "@/components/endpoint/endpoint-skeleton";
import { shownShort } from "@/components/format/shown";
import { questionSearch } from "@/components/range/view";
import { requireSession } from "@/lib/auth/access";
import { TailfillError } from "@/lib/errors";
import { db, endpoint, endpointIdentity, LOSS_TEXT, onReplica, parseQuestion, tailUsers } from "@/lib/query";
import type { EndpointIdentity } from "@/lib/query/answers";
import { initialOf } from "../../data/initial";
import { readView } from "../../data/read-view";

interface PageProps {
  params: Promise<{ id: string }>;
  searchParams: Promise<SearchParams>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const known = await identityOf((await params).id).catch(() => null); // the page itself tells what is wrong
  return { title: known === null ? "Endpoint" : shownShort(`${known.method} ${known.route}`, 80) };
}

/** Whether there is such an endpoint is known before anything is sent: one that is not is answered 404. */
export default async function Page({ params, searchParams }: PageProps) {
  await requireSession();
  const identity = await identityOf((await params).id).catch(orNotFound);
  return (
    <Suspense key={identity.id} fallback={<EndpointWaiting endpoint={identity} />}>
      <Read identity={identity} searchParams={searchParams} />
    </Suspense>
  );
}

async function Read({ identity, searchParams }: { identity: EndpointIdentity } & Pick<PageProps, "searchParams">) {
  const view = { ...(await readView(searchParams)), service: "", environment: "" };
  const search = questionSearch(view);
  const tailSearch = questionSearch(view, { only: ["from", "to"] });
  const now = Date.now();
  const { id } = identity;
  const [initial, initialTail] = await Promise.all([
    initialOf(search, () =>
      onReplica((db) => endpoint(db, { ...parseQuestion("endpoint", new URLSearchParams(search)), id }, now)),
    ),
    initialOf(tailSearch, () =>
      onReplica((db) => tailUsers(db, { ...parseQuestion("tailUsers", new URLSearchParams(tailSearch)), id }, now)),
    ),
  ]);
  return <EndpointPage endpoint={identity} initial={initial} initialTail={initialTail} lossTexts={LOSS_TEXT} />;
}

/** Asked once a request, for the page and for its title. */
const identityOf = cache(async (id: string): Promise<EndpointIdentity> => {
  await requireSession();
  return endpointIdentity(db(), id);
});

function orNotFound(error: unknown): never {
  if (error instanceof TailfillError && error.code === "not_found") notFound();
  throw error;
}
