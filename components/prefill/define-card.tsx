import { shownText } from "@/components/format/shown";
import { CodeBlock } from "@/components/start/code-block";
import { Card } from "@/components/ui/card";
import type { PrefillCandidatesAnswer } from "@/lib/query/prefill-answers";
import { formatDuration } from "@/components/format/duration";
import { defineExample, type DefineExample } from "./snippet";

/** With no `defineCached` yet: what the figures of this page rest on, and what to paste so that something can be filled. */
export function DefineCard({ answer }: { answer: PrefillCandidatesAnswer }) {
  const worst = [...answer.subjects].sort((a, b) => b.candidates - a.candidates)[0];
  const assumedUs = worst?.assumedHitUs ?? null;
  const example = defineExample(answer.subjects);
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
          {example.name !== null && <ExampleWords example={example} worst={worst?.name} />}
          <p>Until a person presses Fill, nothing is computed in the background.</p>
        </div>
        <div className="flex min-w-0 flex-col gap-2">
          <CodeBlock text="npm install bentocache" label="the command" />
          <CodeBlock text={example.code} label="the code" />
        </div>
      </div>
    </Card>
  );
}

/** Which endpoint the code is for, and what keeps another one from being filled. */
function ExampleWords({ example, worst }: { example: DefineExample; worst: string | undefined }) {
  const name = shownText(example.name ?? "");
  if (!example.whole)
    return (
      <p>
        A fill is computed for a user alone, but {name} also depends on the rest of its route, as do the other endpoints
        listed: the code shows how to fill the part that does not.
      </p>
    );
  if (example.name === worst) return null;
  return (
    <p>
      The code is for {name}: most users to fill are at {shownText(worst ?? "")}, but a fill is computed for a user
      alone, and the value there depends on more than its user.
    </p>
  );
}
