"use client";
import { PercentileValue } from "@/components/answer/percentile-value";
import { ShareBar } from "@/components/charts/share-bar";
import { formatCount, formatCountExactly } from "@/components/format/count";
import { formatShare } from "@/components/format/share";
import { shownShort } from "@/components/format/shown";
import { CellHint } from "@/components/ui/cell-hint";
import { CheckBox } from "@/components/ui/check-box";
import { FocusHints } from "@/components/ui/focus-hints";
import { Foreign } from "@/components/ui/foreign";
import { PageLink } from "@/components/ui/page-link";
import { moveByRow } from "@/components/ui/row-keys";
import { Td, Th } from "@/components/ui/table";
import type { TailUsersAnswer, UserRow } from "@/lib/query/answers";
import { MOST_USERS, type ChosenUsers } from "./use-chosen-users";

interface TailTableProps {
  answer: TailUsersAnswer;
  hrefOf: (user: string) => string;
  chosen: ChosenUsers;
}

/** Users with most of the tail first; a tick draws a user's line. A phone has room for share, n and p99. */
export function TailTable({ answer, hrefOf, chosen }: TailTableProps) {
  const { users, other } = answer;
  const most = Math.max(other.tailShare, ...users.map((user) => user.tailShare));
  return (
    <div className="relative max-h-[404px] overflow-auto">
      <FocusHints>
        <table aria-label="Users in the tail" className="w-full border-separate border-spacing-0 text-table figures">
          <thead className="sticky top-0 z-10 bg-surface">
            <tr>
              <Th className="w-8 pr-0! pl-4!">
                <span className="sr-only">Draw</span>
              </Th>
              <Th left title="Most tail first">
                User
              </Th>
              <Th aria-sort="descending" title="Of all requests over the endpoint's p95, so many are this user's">
                Share of tail
              </Th>
              <Th>n</Th>
              <Th roomy>p50</Th>
              <Th roomy>p95</Th>
              <Th>p99</Th>
            </tr>
          </thead>
          <tbody onKeyDown={moveByRow}>
            {users.map((row) => (
              <tr key={row.user} className="hover:bg-sunken has-focus-visible:bg-accent-soft touch:h-11">
                <Td className="w-8 pr-0! pl-4!">
                  <Tick user={row.user} chosen={chosen} />
                </Td>
                <Td left className="w-full max-w-0 truncate font-medium">
                  <PageLink href={hrefOf(row.user)} className="block truncate hover:underline touch:leading-11">
                    <Foreign text={row.user} />
                  </PageLink>
                </Td>
                <Figures row={row} most={most} />
              </tr>
            ))}
            <tr className="sticky bottom-0 bg-surface text-muted *:border-t">
              <Td colSpan={2}>{othersName(other.users)}</Td>
              <Figures row={other} most={most} colour="var(--ok)" />
            </tr>
          </tbody>
        </table>
      </FocusHints>
    </div>
  );
}

function Tick({ user, chosen: { users, toggle } }: { user: string; chosen: ChosenUsers }) {
  const look = users.find((one) => one.user === user)?.look;
  const full = look === undefined && users.length >= MOST_USERS;
  const name = shownShort(user, 60);
  return (
    <span className="-m-3.5 inline-flex p-3.5 align-middle">
      <CheckBox
        checked={look !== undefined}
        onChange={() => toggle(user)}
        disabled={full}
        label={`Draw ${name} by percentile`}
        title={full ? `At most ${MOST_USERS} users are drawn` : "Draw this user's line in By percentile"}
        {...(look && { colour: look.colour })}
      />
    </span>
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
      <Td>
        <CellHint text={requests}>
          <span className="mr-2 hidden phone:inline">
            <ShareBar narrow part={most === 0 ? 0 : row.tailShare / most} {...(colour ? { colour } : {})} />
          </span>
          <span className="inline-block phone:min-w-[50px]">{formatShare(row.tailShare)}</span>
        </CellHint>
      </Td>
      <Td className="text-muted">
        <CellHint text={formatCountExactly(row.count)}>{formatCount(row.count)}</CellHint>
      </Td>
      {([50, 95, 99] as const).map((q) => (
        <Td key={q} roomy={q !== 99}>
          <PercentileValue us={row[`p${q}Us`]} q={q} n={row.count} />
        </Td>
      ))}
    </>
  );
}
