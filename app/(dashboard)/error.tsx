"use client";
import { useRouter } from "next/navigation";
import { startTransition, useCallback, useEffect } from "react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";

const AGAIN_MS = 5_000;

/** A page that failed as a whole; the frame stays, and the page comes back by itself once it can be read. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const router = useRouter();
  const again = useCallback(
    () =>
      startTransition(() => {
        router.refresh(); // what failed was read on the server: only asking there again can help
        reset();
      }),
    [router, reset],
  );
  useEffect(() => {
    const timer = setInterval(() => document.hidden || again(), AGAIN_MS);
    return () => clearInterval(timer);
  }, [again]);
  return (
    <Card flush>
      <EmptyState alone title="This page could not be read" actions={<Button onClick={again}>Try again</Button>}>
        The database may be down or starting. Nothing was changed, and what apps send is kept by them meanwhile. The
        page is asked for again every 5 s
        {error.digest ? <>; the server's log has the reason under the reference {error.digest}</> : null}.
      </EmptyState>
    </Card>
  );
}
