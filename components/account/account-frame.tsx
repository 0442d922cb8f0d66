import type { ReactNode } from "react";
import { Logo } from "@/components/shell/logo";

interface AccountFrameProps {
  title: string;
  /** One sentence: what this page is for. */
  lead?: ReactNode;
  children: ReactNode;
}

/** The frame of the pages outside of the dashboard: one thing to do, in the middle. */
export function AccountFrame({ title, lead, children }: AccountFrameProps) {
  return (
    <main className="flex min-h-screen flex-col items-center px-4 pt-[12vh] pb-10">
      <div className="mb-7 flex items-center gap-2 text-[17px] font-semibold tracking-[-0.015em]">
        <Logo />
        tailfill
      </div>
      <section className="w-full max-w-[380px] rounded-xl border border-line bg-surface p-6 shadow-card">
        <h1 className="text-title leading-7 font-semibold tracking-[-0.018em]">{title}</h1>
        {lead !== undefined && <p className="mt-1 text-table text-muted">{lead}</p>}
        <div className="mt-5">{children}</div>
      </section>
    </main>
  );
}
