"use client";
import { ChevronRight } from "lucide-react";
import { classes } from "@/components/ui/classes";
import { Foreign } from "@/components/ui/foreign";
import { PageLink } from "@/components/ui/page-link";
import { Td } from "@/components/ui/table";
import { Dot } from "../dot";
import { IsoMoment } from "../iso-moment";
import { leftText } from "../left-text";
import { shortName } from "../short-name";
import { DeliveryDetail } from "./delivery-detail";
import { eventWords, STATE_DOTS, STATE_WORDS } from "./event-words";
import type { Delivery } from "./use-deliveries";

interface DeliveryRowProps {
  delivery: Delivery;
  /** When the log was read, Unix ms. */
  readAt: number;
  open: boolean;
  onToggle: () => void;
}

/** A delivery; opened, with its attempts below. */
export function DeliveryRow({ delivery, readAt, open, onToggle }: DeliveryRowProps) {
  const { id, receiver, state, attempts, nextAt, createdAt, type } = delivery;
  return (
    <>
      <tr className={open ? "bg-sunken" : undefined}>
        <Td className="align-top">
          <button
            type="button"
            aria-expanded={open}
            aria-controls={`delivery-${id}`}
            aria-label={`${eventWords(type)} to ${shortName(receiver.name)}: attempts and request`}
            onClick={onToggle}
            className="-ml-1.5 inline-flex cursor-pointer items-center gap-1 rounded pr-1 hover:text-accent touch:-my-3 touch:min-h-11"
          >
            <ChevronRight size={14} aria-hidden className={classes("text-muted", open && "rotate-90")} />
            <IsoMoment at={createdAt} />
          </button>
        </Td>
        <Td left wrap className="align-top">
          <What delivery={delivery} />
        </Td>
        <Td left roomy wrap className="max-w-56 align-top wrap-anywhere [&_bdi]:whitespace-pre-wrap">
          <Foreign text={receiver.name} />
        </Td>
        <Td left className="align-top">
          <Dot colour={STATE_DOTS[state]} />
          {STATE_WORDS[state]}
        </Td>
        <Td roomy className="align-top text-muted">
          {attempts}
        </Td>
        <Td roomy className="align-top text-muted">
          {nextAt === null ? "–" : dueText(Date.parse(nextAt) - readAt)}
        </Td>
      </tr>
      {open && (
        <tr id={`delivery-${id}`}>
          <td colSpan={6} className="max-w-0 border-b border-line-soft p-0">
            <DeliveryDetail delivery={delivery} />
          </td>
        </tr>
      )}
    </>
  );
}

const dueText = (ms: number): string => (ms <= 0 ? "now" : `in ${leftText(ms)}`);

/** What it tells, and of which rule; on a phone, to whom. */
function What({ delivery: { type, incident, receiver } }: { delivery: Delivery }) {
  return (
    <>
      <span className="font-medium">{eventWords(type)}</span>
      {incident !== null && (
        <PageLink
          href={`/alerts/incidents/${incident.id}`}
          className="block text-small wrap-anywhere text-muted [&_bdi]:whitespace-pre-wrap hover:text-text hover:underline touch:leading-11"
        >
          <Foreign text={incident.rule} />
        </PageLink>
      )}
      <span className="block text-small wrap-anywhere text-muted [&_bdi]:whitespace-pre-wrap phone:hidden">
        to <Foreign text={receiver.name} />
      </span>
    </>
  );
}
