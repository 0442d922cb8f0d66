"use client";
import type { Initial } from "@/components/data/use-answer";
import { CodeBlock } from "@/components/start/code-block";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { TableFiles } from "@/components/ui/table-files";
import type { ServicesAnswer } from "@/lib/query/answers";
import type { InsightTrialsAnswer } from "@/lib/query/loading-answer-schemas";
import { placeFiles } from "./placed-search";
import { QueriesFrame } from "./queries-frame";
import { TrialCard } from "./trial-card";

interface TrialsPageProps {
  services: ServicesAnswer["services"];
  initial: Initial<InsightTrialsAnswer> | undefined;
}

/** Which of Prisma's two ways of loading relations is faster, where the app tries both. */
export function TrialsPage({ services, initial }: TrialsPageProps) {
  return (
    <QueriesFrame<InsightTrialsAnswer> title="Trials" path="/data/insight/trials" {...{ services, initial }}>
      {({ trials, partial, range }, place) =>
        trials.length === 0 ? (
          <TrialHint />
        ) : (
          <>
            <p className="text-table text-muted">
              {partial && "There is more than is read at once: only the last hours count. "}
              <TableFiles table="trials" label="these trials" search={placeFiles(place)} range={range} />
            </p>
            {trials.map((trial) => (
              <TrialCard key={trial.name} trial={trial} />
            ))}
          </>
        )
      }
    </QueriesFrame>
  );
}

/** What to do where nothing is tried. */
function TrialHint() {
  return (
    <Card flush>
      <EmptyState title="Nothing was tried in this range">
        Prisma loads relations by one join, or by a query for each table. Which is faster depends on the data: name a
        call, and half of the requests run it one way, half the other. The schema needs the preview feature
        relationJoins.
      </EmptyState>
      <div className="mx-auto max-w-[760px] px-4 pb-8">
        <CodeBlock text={CODE} label="the code" />
      </div>
    </Card>
  );
}

const CODE = `export const prisma = tailfillPrisma({
  adapter: new PrismaPg({ connectionString }),
  client: PrismaClient,
  trials: [{ op: "Post.findMany", endpoint: "GET /feed" }],
});`;
