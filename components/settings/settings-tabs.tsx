import { Tabs } from "@/components/ui/tabs";

const TABS = [
  { href: "/settings", label: "Display" },
  { href: "/settings/services", label: "Services" },
  { href: "/settings/keys", label: "Keys" },
  { href: "/settings/links", label: "Links" },
  { href: "/settings/users", label: "Users" },
  { href: "/settings/storage", label: "Storage" },
  { href: "/settings/jobs", label: "Jobs" },
  { href: "/settings/losses", label: "Losses" },
  { href: "/settings/account", label: "Account" },
];

export function SettingsTabs() {
  return <Tabs label="Settings" tabs={TABS} />;
}
