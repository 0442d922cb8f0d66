"use client";
import { useEffect } from "react";
import { Button } from "@/components/ui/button";

const AGAIN_MS = 3_000;

/** Says that the page comes back by itself, and sees to it. */
export function ComesBack() {
  useEffect(watch, []);
  return (
    <div className="flex items-center justify-between gap-3">
      <p role="status" className="flex items-center gap-2 text-table">
        <i aria-hidden className="size-2 rounded-full bg-client animate-breathe" />
        This page comes back by itself.
      </p>
      <Button onClick={() => location.reload()}>Try again</Button>
    </div>
  );
}

/** Asks for the page's own address, as long as the tab is seen, until it is something else than unavailable. */
function watch(): () => void {
  const over = new AbortController();
  let timer: number | undefined;
  const again = () => {
    if (!over.signal.aborted) timer = window.setTimeout(() => void ask(), AGAIN_MS);
  };
  const ask = async () => {
    if (!document.hidden && (await isBack(over.signal))) location.reload();
    else again();
  };
  again();
  return () => {
    over.abort();
    window.clearTimeout(timer);
  };
}

/** A redirect, as to the sign-in page, is an answer; whatever else is 5xx, also of a gateway before the server, is none. */
async function isBack(signal: AbortSignal): Promise<boolean> {
  try {
    const answer = await fetch(location.href, { method: "HEAD", cache: "no-store", redirect: "manual", signal });
    return answer.status < 500;
  } catch {
    return false;
  }
}
