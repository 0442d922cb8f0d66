import type { ReactNode } from "react";
import { requireSession } from "@/lib/auth/access";
import { Frame } from "./frame";

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const { email } = await requireSession();
  return <Frame email={email}>{children}</Frame>;
}
