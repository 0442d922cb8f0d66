import type { Metadata } from "next";
import { BoardPage } from "@/components/alerts/board/board-page";
import { alertBoard } from "@/lib/alerts/board";
import { requireSession } from "@/lib/auth/access";
import { db } from "@/lib/query";
import { initialOf } from "../data/initial";

export const metadata: Metadata = { title: "Alerts" };

export default async function Page() {
  await requireSession();
  return <BoardPage initial={await initialOf("", () => alertBoard(db(), Date.now()))} />;
}
