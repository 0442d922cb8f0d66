import type { Metadata } from "next";
import { SilencesPage } from "@/components/alerts/silences/silences-page";
import { muteBoard } from "@/lib/alerts/mute-board";
import { requireSession } from "@/lib/auth/access";
import { db } from "@/lib/query";
import { initialOf } from "../../data/initial";

export const metadata: Metadata = { title: "Silences" };

export default async function Page() {
  await requireSession();
  return <SilencesPage initial={await initialOf("", () => muteBoard(db(), Date.now()))} />;
}
