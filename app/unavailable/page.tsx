import type { Metadata } from "next";
import { AccountFrame } from "@/components/account/account-frame";
import { ComesBack } from "@/components/shell/comes-back";

export const metadata: Metadata = { title: "Database does not answer" };

/** What every page is while the database does not answer (proxy.ts): it must ask it nothing itself. */
export default function UnavailablePage() {
  return (
    <AccountFrame
      title="The database does not answer"
      lead="tailfill runs, but can neither read nor store anything until its PostgreSQL is back. Nothing was changed, and apps keep what they measure meanwhile, as far as their memory goes."
    >
      <ComesBack />
      <p className="mt-5 border-t border-line-soft pt-4 text-small text-muted">
        If you run this server: the embedded PostgreSQL is started again by itself; your own has to run and to accept
        connections at <code className="font-mono">DATABASE_URL</code>. The server&apos;s log says why it does not, and{" "}
        <a href="/api/health" className="text-accent hover:underline">
          /api/health
        </a>{" "}
        when it does.
      </p>
    </AccountFrame>
  );
}
