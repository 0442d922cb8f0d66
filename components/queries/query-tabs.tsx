"use client";
import { Tabs } from "@/components/ui/tabs";

const TABS = [
  { href: "/queries", label: "Statements" },
  { href: "/queries/repeated", label: "Repeated" },
  { href: "/queries/trials", label: "Trials" },
  { href: "/queries/stopped", label: "Stopped" },
];

export function QueryTabs() {
  return <Tabs label="Queries" tabs={TABS} />;
}
