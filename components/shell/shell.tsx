import type { ReactNode } from "react";
import { FiringNow } from "@/components/alerts/firing-now";
import { Navigation } from "./navigation";

/** The frame of every page of the dashboard. It stays while pages change inside. */
export function Shell({ email, children }: { email: string; children: ReactNode }) {
  return (
    <FiringNow>
      <div className="min-h-screen phone:flex">
        <a
          href="#content"
          className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-raised focus:px-3 focus:py-2"
        >
          Skip to the content
        </a>
        <Navigation email={email} />
        <main id="content" tabIndex={-1} className="min-w-0 flex-1 outline-none">
          <div className="max-w-[1440px] px-3 pt-4 pb-20 phone:px-5 phone:pb-10 wide:px-7">{children}</div>
        </main>
      </div>
    </FiringNow>
  );
}
