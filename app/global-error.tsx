"use client";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import "./globals.css";

/** What is shown when not even the frame of the pages could be made. */
export default function GlobalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <main className="pt-[12vh]">
          <EmptyState alone title="This page could not be made" actions={<Button onClick={reset}>Try again</Button>}>
            Nothing was changed. If it stays so, look into the server's log
            {error.digest ? ` for the reference ${error.digest}` : ""}.
          </EmptyState>
        </main>
      </body>
    </html>
  );
}
