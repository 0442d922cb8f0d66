"use client";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";

/** A page that failed as a whole; the frame stays, nothing was changed. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <Banner
      tone="bad"
      title="This page could not be read."
      actions={
        <Button size="small" onClick={reset}>
          Try again
        </Button>
      }
    >
      Nothing was changed. If it stays so, look into the server's log
      {error.digest ? ` for the reference ${error.digest}` : ""}: the database may be down.
    </Banner>
  );
}
