import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { DeliveriesPage } from "@/components/alerts/deliveries/deliveries-page";
import { deliveriesSearch, loadDeliveriesAsked } from "@/components/alerts/deliveries/deliveries-search";
import { deliveriesAsked, deliveryNames } from "@/lib/alerts/delivery/deliveries";
import { requireSession } from "@/lib/auth/access";
import { db } from "@/lib/query";
import { initialOf } from "../../data/initial";

export const metadata: Metadata = { title: "Deliveries" };

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await requireSession();
  const search = deliveriesSearch(await loadDeliveriesAsked(searchParams));
  const [initial, names] = await Promise.all([
    initialOf(search, () => deliveriesAsked(db(), new URLSearchParams(search))),
    initialOf("", () => deliveryNames(db())),
  ]);
  return <DeliveriesPage initial={initial} names={names?.answer ?? { receivers: [], rules: [] }} />;
}
