"use client";
import { useSearchParams } from "next/navigation";
import { shownText } from "@/components/format/shown";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { unreadOf } from "./unread";
import type { View } from "./view";

/** Says what in the page's address could not be read, so that nobody takes what is shown for what was asked. */
export function AddressProblems({ change }: { change: (changes: Partial<View>) => void }) {
  const unread = unreadOf(useSearchParams());
  if (unread.length === 0) return null;
  const correct = () => change(Object.assign({}, ...unread.map(({ instead }) => instead)) as Partial<View>);
  return (
    <div className="w-full">
      <Banner
        tone="warn"
        title="This address asks for something that cannot be shown."
        actions={
          <Button size="small" onClick={correct}>
            Correct the address
          </Button>
        }
      >
        {unread.map(({ text }) => (
          <span key={text} className="block text-muted">
            {shownText(text)}
          </span>
        ))}
      </Banner>
    </div>
  );
}
