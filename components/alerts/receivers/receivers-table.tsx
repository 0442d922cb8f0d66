"use client";
import { Foreign } from "@/components/ui/foreign";
import { FocusHints } from "@/components/ui/focus-hints";
import { PageLink } from "@/components/ui/page-link";
import { moveByRow } from "@/components/ui/row-keys";
import { Table, Td, Th } from "@/components/ui/table";
import type { BoardReceiver } from "@/lib/alerts/delivery/receiver-board";
import { eventWords, STATE_WORDS } from "../deliveries/event-words";
import { IsoMoment } from "../iso-moment";
import { shortName } from "../short-name";
import { ReceiverActions } from "./receiver-actions";
import { shownAddress } from "./receiver-draft";
import { KINDS } from "./receiver-kinds";
import { ReceiverState } from "./receiver-state";

interface ReceiversTableProps {
  receivers: readonly BoardReceiver[];
  mails: boolean;
  onDone: () => void;
}

export function ReceiversTable({ receivers, mails, onDone }: ReceiversTableProps) {
  return (
    <FocusHints>
      <Table aria-label="Receivers">
        <thead>
          <tr>
            <Th>Receiver</Th>
            <Th left>State</Th>
            <Th left roomy>
              Rules that name it
            </Th>
            <Th left roomy>
              Last delivery
            </Th>
            <Th>
              <span className="sr-only">Actions</span>
            </Th>
          </tr>
        </thead>
        <tbody onKeyDown={moveByRow}>
          {receivers.map((receiver) => (
            <tr key={receiver.id}>
              <Td wrap className="max-w-64 align-top">
                <Name receiver={receiver} />
              </Td>
              <Td left wrap className="align-top">
                <ReceiverState receiver={receiver} />
              </Td>
              <Td left roomy wrap className="max-w-56 align-top">
                <Rules rules={receiver.rules} />
              </Td>
              <Td left roomy className="align-top">
                <Last receiver={receiver} />
              </Td>
              <Td className="align-top">
                <ReceiverActions {...{ receiver, mails, onDone }} />
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </FocusHints>
  );
}

function Name({ receiver: { name, kind, url } }: { receiver: BoardReceiver }) {
  return (
    <>
      <span className="font-medium wrap-anywhere [&_bdi]:whitespace-pre-wrap">
        <Foreign text={name} />
      </span>
      <span className="block text-small wrap-anywhere text-muted">
        {KINDS[kind].label}, <span className="font-mono">{shownAddress(url)}</span>
      </span>
    </>
  );
}

const MOST_RULES = 2;

function Rules({ rules }: { rules: BoardReceiver["rules"] }) {
  if (rules.length === 0) return <span className="text-muted">none: nothing is told to it</span>;
  const more = rules.slice(MOST_RULES);
  return (
    <>
      {rules.slice(0, MOST_RULES).map(({ id, name }) => (
        <PageLink key={id} href={`/alerts/rules/${id}`} className="block truncate hover:underline touch:leading-11">
          <Foreign text={name} />
        </PageLink>
      ))}
      {more.length > 0 && (
        <span className="text-small text-muted" title={more.map(({ name }) => name).join(", ")} tabIndex={-1}>
          and {more.length} more
        </span>
      )}
    </>
  );
}

function Last({ receiver: { id, name, last } }: { receiver: BoardReceiver }) {
  if (last === null) return <span className="text-muted">none yet</span>;
  return (
    <>
      <PageLink
        href={`/alerts/deliveries?receiver=${id}`}
        aria-label={`Deliveries to ${shortName(name)}`}
        className="hover:underline touch:leading-11"
      >
        <IsoMoment at={last.at} />
      </PageLink>
      <span className={`block text-small ${last.state === "failed" ? "text-server" : "text-muted"}`}>
        {eventWords(last.type)}, {STATE_WORDS[last.state]}
      </span>
    </>
  );
}
