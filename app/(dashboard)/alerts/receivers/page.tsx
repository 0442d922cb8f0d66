import type { Metadata } from "next";
import { ReceiversPage } from "@/components/alerts/receivers/receivers-page";
import { receiverBoard } from "@/lib/alerts/delivery/receiver-board";
import { requireSession } from "@/lib/auth/access";
import { db } from "@/lib/query";
import { initialOf } from "../../data/initial";

export const metadata: Metadata = { title: "Receivers" };

export default async function Page() {
  await requireSession();
  return <ReceiversPage initial={await initialOf("", () => receiverBoard(db()))} />;
}
