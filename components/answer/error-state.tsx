"use client";
import type { AnswerError } from "@/components/data/fetch-answer";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";

/** What failed, what is still shown, and what to do. */
export function ErrorState({ error, kept, retry }: { error: AnswerError; kept: boolean; retry: () => void }) {
  return (
    <div className="mb-4">
      <Banner
        tone="bad"
        title={error.message}
        actions={
          <Button size="small" onClick={retry}>
            Try again
          </Button>
        }
      >
        {error.next} {kept && "The figures below are those read before."}
      </Banner>
    </div>
  );
}
