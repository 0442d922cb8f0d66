import { shownText } from "@/components/format/shown";
import { CodeBlock } from "@/components/start/code-block";
import { Card } from "@/components/ui/card";
import type { PrefillCandidatesAnswer } from "@/lib/query/prefill-answers";
import { formatDuration } from "@/components/format/duration";
import { defineSnippet } from "./snippet";

/** With no `defineCached` yet: what the figures of this page rest on, and what to paste so that something can be filled. */
export function DefineCard({ answer }: { answer: PrefillCandidatesAnswer }) {
  const worst = [...answer.subjects].sort((a, b) => b.candidates - a.candidates)[0];
  const assumedUs = worst?.assumedHitUs ?? null;
  return (
    <Card
      title="To fill, define what is cached"
      note="nothing is yet: the figures of this page are what it would bring"
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 wide:grid-cols-[minmax(0,1fr)_minmax(0,1.25fr)]">
        <div className="flex flex-col gap-2 text-table text-muted">
          <p>
            They come from the middleware alone. Each request counts as one without a cached value
            {assumedUs !== null && (
              <>
                ; with one, it is assumed to take what the endpoint's fastest tenth takes ({formatDuration(assumedUs)}{" "}
                for {shownText(worst?.name ?? "")}), which can be changed below
              </>
            )}
            .
          </p>
          <p>
            One definition serves the handler and the filler: the handler asks it, the filler computes the same value
            before the user comes. <code className="font-mono text-small">load</code> must not write and must not need a
            request.
          </p>
          <p>Until a person presses Fill, nothing is computed in the background.</p>
        </div>
        <CodeBlock text={defineSnippet(worst)} label="the code" />
      </div>
    </Card>
  );
}
