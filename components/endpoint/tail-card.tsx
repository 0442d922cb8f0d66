"use client";
import Link from "next/link";
import { PercentileValue } from "@/components/answer/percentile-value";
import { ErrorState } from "@/components/answer/error-state";
import { ShareBar } from "@/components/charts/share-bar";
import { toCsv } from "@/components/charts/figures";
import type { Asked } from "@/components/data/use-answer";
import { formatCount, formatCountExactly } from "@/components/format/count";
import { formatDuration } from "@/components/format/duration";
import { formatShare } from "@/components/format/share";
import { Card } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { Skeleton } from "@/components/ui/skeleton";
import { Td, Th } from "@/components/ui/table";
import type { TailUsersAnswer, UserRow } from "@/lib/query/answers";

interface TailCardProps {
  asked: Asked<TailUsersAnswer>;
  /** Turns a user's id into the address of its page. */
  hrefOf: (user: string) => string;
}

/** Who is in the tail: a sentence, then the users with most of it. */
export function TailCard({ asked: { answer, error, retry }, hrefOf }: TailCardProps) {
  return (
    <Card
      flush
      title="Who is in the tail"
      note={threshold(answer)}
      actions={
        answer && (
          <CopyButton label="Copy these users as CSV" text={() => toCsv(figuresOf(answer))}>
            CSV
          </CopyButton>
        )
      }
    >
      {error && (
        <div className="px-4">
          <ErrorState error={error} kept={answer !== undefined} retry={retry} />
        </div>
      )}
      {!answer && !error && <Skeleton className="m-4 h-[330px]" />}
      {answer && (
        <>
          <p className="px-4 pb-2 text-base font-semibold">{headline(answer)}</p>
          <TailTable answer={answer} hrefOf={hrefOf} />
        </>
      )}
    </Card>
  );
}

function threshold(answer: TailUsersAnswer | undefined): string {
  const aboveUs = answer?.tailAboveUs ?? null;
  return aboveUs === null ? "" : `over p95, ${formatDuration(aboveUs)}`;
}

/** "7 of 4,025 users are 61 % of it." */
export function headline({ headline: few, userCount, users, other }: TailUsersAnswer): string {
  const tail = users.reduce((sum, user) => sum + user.tailCount, other.tailCount);
  if (tail === 0) return "Nobody is in the tail of this range.";
  if (userCount === 0) return "The app tells no users: add the user option to see whose requests these are.";
  const all = `${formatCountExactly(userCount)} ${userCount === 1 ? "user" : "users"}`;
  if (few === null) return `The tail is spread over many of ${all}.`;
  const be = few.users === 1 ? "is" : "are";
  return `${few.users} of ${all} ${be} ${formatShare(few.share)} of it.`;
}

function TailTable({ answer, hrefOf }: { answer: TailUsersAnswer; hrefOf: TailCardProps["hrefOf"] }) {
  const { users, other } = answer;
  const most = Math.max(other.tailShare, ...users.map((user) => user.tailShare));
  return (
    <div className="relative max-h-[404px] overflow-auto">
      <table aria-label="Users in the tail" className="w-full border-separate border-spacing-0 text-table figures">
        <thead className="sticky top-0 z-10 bg-surface">
          <tr>
            <Th>User</Th>
            <Th>Share of tail</Th>
            <Th>n</Th>
            <Th>p50</Th>
            <Th className="hidden phone:table-cell">p95</Th>
            <Th>p99</Th>
          </tr>
        </thead>
        <tbody>
          {users.map((user) => (
            <tr key={user.user} className="hover:bg-sunken">
              <Td className="max-w-40 truncate font-medium">
                <Link href={hrefOf(user.user)} prefetch={false} className="hover:underline" title={user.user}>
                  {user.user}
                </Link>
              </Td>
              <Figures row={user} most={most} />
            </tr>
          ))}
          <tr className="sticky bottom-0 bg-surface text-muted *:border-t">
            <Td>{othersName(other.users)}</Td>
            <Figures row={other} most={most} colour="var(--ok)" />
          </tr>
        </tbody>
      </table>
    </div>
  );
}

/** Everybody who is not listed, together with requests that had no user. */
function othersName(users: number): string {
  if (users === 0) return "without a user";
  return `${formatCountExactly(users)} ${users === 1 ? "other" : "others"}`;
}

function Figures({ row, most, colour }: { row: Omit<UserRow, "user">; most: number; colour?: string }) {
  const requests = `${formatCountExactly(row.tailCount)} of ${formatCountExactly(row.count)} requests are in the tail`;
  return (
    <>
      <Td title={requests}>
        <span className="mr-2">
          <ShareBar narrow part={most === 0 ? 0 : row.tailShare / most} {...(colour ? { colour } : {})} />
        </span>
        <span className="inline-block min-w-[50px]">{formatShare(row.tailShare)}</span>
      </Td>
      <Td className="text-muted">{formatCount(row.count)}</Td>
      {([50, 95, 99] as const).map((q) => (
        <Td key={q} className={q === 95 ? "hidden phone:table-cell" : undefined}>
          <PercentileValue us={row[`p${q}Us`]} q={q} n={row.count} />
        </Td>
      ))}
    </>
  );
}

function figuresOf({ users }: TailUsersAnswer) {
  return {
    columns: ["user", "n", "tail requests", "share of tail", "p50 (ms)", "p95 (ms)", "p99 (ms)", "max (ms)"],
    rows: users.map((u) => [
      u.user,
      u.count,
      u.tailCount,
      u.tailShare,
      ...[u.p50Us, u.p95Us, u.p99Us, u.maxUs].map((us) => (us === null ? null : us / 1_000)),
    ]),
  };
}
