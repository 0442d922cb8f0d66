import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { CodeBlock } from "@/components/start/code-block";

/** What to do where no app has told of its databases. */
export function WrapHint() {
  return (
    <Card flush>
      <EmptyState title="No app tells of its database yet">
        Wrap the database once, where the app makes it. From then on each statement knows the request that it runs for.
      </EmptyState>
      <div className="mx-auto grid max-w-[1060px] gap-4 px-4 pb-8 wide:grid-cols-2">
        <Snippet title="Prisma" code={PRISMA} />
        <Snippet title="pg" code={PG} />
      </div>
    </Card>
  );
}

function Snippet({ title, code }: { title: string; code: string }) {
  return (
    <div className="min-w-0">
      <p className="mb-1.5 text-table font-medium">{title}</p>
      <CodeBlock text={code} label={`the code for ${title}`} />
    </div>
  );
}

const PRISMA = `import { tailfillPrisma } from "@tailfill/sdk/prisma";

export const prisma = tailfillPrisma({
  adapter: new PrismaPg({ connectionString }),
  client: PrismaClient,
});`;

const PG = `import { tailfillPool } from "@tailfill/sdk/pg";

export const pool = tailfillPool(
  new pg.Pool({ connectionString }),
);`;
