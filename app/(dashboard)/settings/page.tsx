import type { Metadata } from "next";
import { cookies } from "next/headers";
import { DisplaySettings } from "@/components/settings/display-settings";
import { readTheme, THEME_COOKIE } from "@/components/shell/preferences";
import { PageHeader } from "@/components/ui/page-header";
import { requireSession } from "@/lib/auth/access";

export const metadata: Metadata = { title: "Display" };

export default async function Page() {
  await requireSession();
  const theme = readTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <>
      <PageHeader title="Display" note="kept in this browser" />
      <DisplaySettings theme={theme} />
    </>
  );
}
