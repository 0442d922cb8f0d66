"use client";
import type { ReactNode } from "react";
import type { BoardReceiver } from "@/lib/alerts/delivery/receiver-board";
import { Dot } from "../dot";
import { IsoMoment } from "../iso-moment";

const WHY = { gone: "it answered 410", failing: "it failed for five days" } as const;

/** Whether it is told anything, and whether that arrives. */
export function ReceiverState({ receiver }: { receiver: BoardReceiver }) {
  const { enabled, offReason, offAt, failingSince } = receiver;
  if (!enabled && offReason !== null)
    return (
      <State colour="bg-server" word="off by itself">
        {WHY[offReason]}, <IsoMoment at={offAt} />
      </State>
    );
  if (!enabled) return <State colour="bg-ok" word="switched off" />;
  if (failingSince !== null)
    return (
      <State colour="bg-client" word="failing">
        since <IsoMoment at={failingSince} />
      </State>
    );
  return <State colour="bg-fill" word="on" />;
}

function State({ colour, word, children }: { colour: string; word: string; children?: ReactNode }) {
  return (
    <>
      <Dot colour={colour} />
      {word}
      {children !== undefined && <span className="block pl-[15px] text-small text-muted">{children}</span>}
    </>
  );
}
