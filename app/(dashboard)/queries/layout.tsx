import type { ReactNode } from "react";
import { QueryTabs } from "@/components/queries/query-tabs";

export default function QueriesLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <QueryTabs />
      {children}
    </>
  );
}
