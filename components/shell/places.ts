import { Activity, Bell, DatabaseZap, Hourglass, Rocket, Settings, Users, type LucideIcon } from "lucide-react";
import type { ComponentType } from "react";
import { FiringCount } from "@/components/alerts/firing-now";

/** A page of the settings that the navigation leads to by itself. */
export const ACCOUNT = "/settings/account";

export interface Place {
  href: string;
  label: string;
  icon: LucideIcon;
  /** The key that goes there after `g`. */
  key: string;
  /** Whether it shows figures: a link there takes along where one looks. */
  figures?: true;
  /** Left out of a phone's bar, which has room for seven: nobody mounts middleware there. */
  roomy?: true;
  /** Said beside its name. */
  badge?: ComponentType;
  /** Whether a path belongs to this place. */
  holds: (path: string) => boolean;
}

/** The places of the navigation; a place is listed once its page exists. */
export const PLACES: readonly Place[] = [
  {
    href: "/",
    label: "Overview",
    icon: Activity,
    key: "o",
    figures: true,
    holds: (path) => path === "/" || /^\/endpoints(\/|$)/.test(path),
  },
  {
    href: "/users",
    label: "Users",
    icon: Users,
    key: "u",
    figures: true,
    holds: (path) => /^\/users(\/|$)/.test(path),
  },
  {
    href: "/prefill",
    label: "Prefill",
    icon: DatabaseZap,
    key: "p",
    figures: true,
    holds: (path) => path.startsWith("/prefill"),
  },
  {
    href: "/queries",
    label: "Queries",
    icon: Hourglass,
    key: "q",
    figures: true,
    holds: (path) => path.startsWith("/queries"),
  },
  {
    href: "/alerts",
    label: "Alerts",
    icon: Bell,
    key: "a",
    badge: FiringCount,
    holds: (path) => path.startsWith("/alerts"),
  },
  { href: "/start", label: "Start", icon: Rocket, key: "t", roomy: true, holds: (path) => path.startsWith("/start") },
  {
    href: "/settings",
    label: "Settings",
    icon: Settings,
    key: "s",
    holds: (path) => path.startsWith("/settings") && path !== ACCOUNT,
  },
];
