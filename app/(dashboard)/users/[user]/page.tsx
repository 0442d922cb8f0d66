import { permanentRedirect } from "next/navigation";
import type { SearchParams } from "nuqs/server";
import { keptSearch } from "@/components/range/kept-search";
import { userAddress } from "@/components/user/user-search";
import { requireSession } from "@/lib/auth/access";

interface PageProps {
  params: Promise<{ user: string }>;
  searchParams: Promise<SearchParams>;
}

/** Leads links of earlier releases, which had the user in the path, to the user's page. */
export default async function Page({ params, searchParams }: PageProps) {
  await requireSession();
  const { user } = await params;
  permanentRedirect(userAddress(decoded(user), keptSearch(firstOf(await searchParams))));
}

const firstOf = (search: SearchParams) => ({
  get: (name: string) => [search[name] ?? null].flat()[0] ?? null,
});

/** An id may hold anything; one that is not well encoded is taken as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
