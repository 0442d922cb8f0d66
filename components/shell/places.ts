import { Activity, Rocket, Settings, type LucideIcon } from "lucide-react";

/** A page of the settings that the navigation leads to by itself. */
export const ACCOUNT = "/settings/account";

export interface Place {
  href: string;
  label: string;
  icon: LucideIcon;
  /** The key that goes there after `g`. */
  key: string;
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
    holds: (path) => path === "/" || /^\/(endpoints|users)(\/|$)/.test(path),
  },
  { href: "/start", label: "Start", icon: Rocket, key: "t", holds: (path) => path.startsWith("/start") },
  {
    href: "/settings",
    label: "Settings",
    icon: Settings,
    key: "s",
    holds: (path) => path.startsWith("/settings") && path !== ACCOUNT,
  },
];
