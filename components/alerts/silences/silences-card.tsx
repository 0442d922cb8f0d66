"use client";
import type { ReactNode } from "react";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Table, Td, Th } from "@/components/ui/table";
import { TableFiles } from "@/components/ui/table-files";
import type { MuteBoard } from "@/lib/alerts/mute-board";
import { MatcherWords } from "./matcher-words";
import { silencesInOrder } from "./mute-times";
import { MutedCount } from "./muted-count";
import { SilenceActions } from "./silence-actions";
import { SilenceTime } from "./silence-time";

type BoardSilence = MuteBoard["silences"][number];

interface SilencesCardProps {
  board: MuteBoard;
  now: () => number;
  onDone: () => void;
  /** The button that makes one. */
  make: ReactNode;
}

/** Silences that are on or planned, and below, quieter, those that are over. */
export function SilencesCard({ board, now, onDone, make }: SilencesCardProps) {
  const { current, over } = silencesInOrder(board.silences);
  const row = (silence: BoardSilence) => <Row key={silence.id} {...{ silence, now, onDone }} nowMs={board.readAt} />;
  return (
    <Card
      title="Silences"
      note="mute for a time"
      actions={
        <>
          <TableFiles table="alert-silences" label="these silences" />
          {make}
        </>
      }
      flush
    >
      {current.length === 0 && (
        <EmptyState title="Nothing is silenced">
          A silence mutes for a time what is known already: a release, a fault that somebody is at. What it mutes is
          judged and kept, and told when it ends if it still fires.
        </EmptyState>
      )}
      {current.length + over.length > 0 && (
        <Table aria-label="Silences">
          <thead>
            <tr>
              <Th className="phone:w-2/5">Mutes</Th>
              <Th left roomy className="w-1/4">
                Time
              </Th>
              <Th roomy>Now</Th>
              <Th left roomy>
                By
              </Th>
              <Th>
                <span className="sr-only">Actions</span>
              </Th>
            </tr>
          </thead>
          <tbody>{current.map(row)}</tbody>
          {over.length > 0 && (
            <tbody className="text-muted">
              <tr>
                <th
                  scope="rowgroup"
                  colSpan={5}
                  className="border-b border-line-soft px-4 pt-4 pb-1.5 text-left text-small font-medium"
                >
                  Over, kept for a week
                </th>
              </tr>
              {over.map(row)}
            </tbody>
          )}
        </Table>
      )}
    </Card>
  );
}

interface RowProps extends Pick<SilencesCardProps, "now" | "onDone"> {
  silence: BoardSilence;
  nowMs: number;
}

function Row({ silence, now, onDone, nowMs }: RowProps) {
  return (
    <tr>
      <Td wrap className="align-top">
        <MatcherWords matcher={silence.matcher} />
        <span className="block text-small wrap-anywhere text-muted">{silence.reason}</span>
        <span className="mt-1 block phone:hidden">
          <SilenceTime silence={silence} nowMs={nowMs} />
        </span>
      </Td>
      <Td left roomy wrap className="align-top">
        <SilenceTime silence={silence} nowMs={nowMs} />
      </Td>
      <Td roomy className="align-top">
        <MutedCount muted={silence.muted} />
      </Td>
      <Td left roomy className="max-w-44 truncate align-top text-muted">
        {silence.createdBy ?? "–"}
      </Td>
      <Td className="align-top">
        <SilenceActions {...{ silence, now, onDone }} />
      </Td>
    </tr>
  );
}
