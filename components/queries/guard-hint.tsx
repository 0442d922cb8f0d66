import type { Place } from "@/components/prefill/place";
import { CodeBlock } from "@/components/start/code-block";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";

/** What to do where no guard has told of anything. */
export function GuardHint({ place }: { place: Place }) {
  return (
    <Card flush>
      <EmptyState title="No query guard has told of anything yet">
        The guard looks every 10 s for statements of the app&apos;s own role that have run for more than 20 s, and says
        which endpoint they came from. Without <code className="font-mono text-small">--apply</code> it stops nothing.
        An app whose guard has had nothing to do looks the same as one without a guard.
      </EmptyState>
      <div className="mx-auto max-w-[760px] px-4 pb-8">
        <CodeBlock text={command(place)} label="the command" />
      </div>
    </Card>
  );
}

const command = ({ service, environment }: Place): string =>
  [
    "DATABASE_URL=postgresql://… \\",
    "TAILFILL_URL=https://… TAILFILL_API_KEY=tf_… \\",
    `TAILFILL_SERVICE=${quoted(service)} TAILFILL_ENVIRONMENT=${quoted(environment)} \\`,
    "npx tailfill-guard",
  ].join("\n");

const quoted = (name: string): string => (/^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`);
