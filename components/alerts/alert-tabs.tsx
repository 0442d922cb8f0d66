"use client";
import { Tabs } from "@/components/ui/tabs";

const TABS = [
  { href: "/alerts", label: "Now", holds: (path: string) => path === "/alerts" || path.startsWith("/alerts/rules") },
  { href: "/alerts/incidents", label: "Incidents", holds: (path: string) => path.startsWith("/alerts/incidents") },
  { href: "/alerts/receivers", label: "Receivers" },
  { href: "/alerts/silences", label: "Silences" },
  { href: "/alerts/deliveries", label: "Deliveries" },
];

export function AlertTabs() {
  return <Tabs label="Alerts" tabs={TABS} />;
}
