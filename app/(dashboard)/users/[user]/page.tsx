import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { loadView } from "@/components/range/load-view";
import { UserPage } from "@/components/user/user-page";
import { userSearch } from "@/components/user/user-search";
import { requireSession } from "@/lib/auth/access";
import { db, LOSS_TEXT, parseQuestion, user } from "@/lib/query";
import { initialOf } from "../../data/initial";

interface PageProps {
  params: Promise<{ user: string }>;
  searchParams: Promise<SearchParams>;
}

export const metadata: Metadata = { title: "User" };

export default async function Page({ params, searchParams }: PageProps) {
  await requireSession();
  const id = decoded((await params).user);
  const search = userSearch(await loadView(searchParams));
  const initial = await initialOf(search, async () => {
    const question = parseQuestion("user", new URLSearchParams(search));
    return user(db(), { ...question, user: id }, Date.now());
  });
  return <UserPage key={id} user={id} initial={initial} lossTexts={LOSS_TEXT} />;
}

/** An id may hold anything; one that is not well encoded is taken as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
