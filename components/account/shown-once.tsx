"use client";
import { Banner } from "@/components/ui/banner";
import { CopyButton } from "@/components/ui/copy-button";

/** A secret that is on the screen now and never again. */
export function ShownOnce({ text, what, children }: { text: string; what: string; children: string }) {
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-center gap-2 rounded-lg border border-line bg-sunken p-2 pl-3">
        <code className="min-w-0 flex-1 font-mono text-small break-all select-all">{text}</code>
        <CopyButton text={text} label={`Copy the ${what}`} kind="plain">
          Copy
        </CopyButton>
      </div>
      <Banner tone="warn">{children}</Banner>
    </div>
  );
}
