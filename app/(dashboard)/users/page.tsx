import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { Suspense } from "react";
import { shownShort } from "@/components/format/shown";
import { FindUserPage } from "@/components/user/find-user-page";
import { UserPage } from "@/components/user/user-page";
import { readUser, userSearch } from "@/components/user/user-search";
import { UserWaiting } from "@/components/user/user-skeleton";
import { requireSession } from "@/lib/auth/access";
import { LOSS_TEXT } from "@/lib/query";
import { initialOf } from "../data/initial";
import { readView } from "../data/read-view";
import { readUserAnswer } from "../data/user/read-user";

interface PageProps {
  searchParams: Promise<SearchParams>;
}

export async function generateMetadata({ searchParams }: PageProps): Promise<Metadata> {
  const user = readUser(await searchParams);
  return { title: user === null ? "Users" : shownShort(user, 60) };
}

/** One user, or, while none is named, the search for one. */
export default async function Page({ searchParams }: PageProps) {
  await requireSession();
  const user = readUser(await searchParams);
  if (user === null) return <FindUserPage />;
  return (
    <Suspense key={user} fallback={<UserWaiting user={user} />}>
      <Read user={user} searchParams={searchParams} />
    </Suspense>
  );
}

async function Read({ user, searchParams }: PageProps & { user: string }) {
  const search = userSearch(user, await readView(searchParams));
  const initial = await initialOf(search, () => readUserAnswer(search));
  return <UserPage user={user} initial={initial} lossTexts={LOSS_TEXT} />;
}
