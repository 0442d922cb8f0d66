"use client";
import { useState } from "react";
import { FailureBanner } from "@/components/account/failure-banner";
import { Moment } from "@/components/account/moment";
import { send, type Sent } from "@/components/account/send";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Foreign } from "@/components/ui/foreign";
import type { AlertBoardAnswer } from "@/lib/query/alert-board-answers";

interface OffBannersProps {
  receivers: AlertBoardAnswer["receiversOff"];
  onDone: () => void;
}

const WHY = { gone: "it answered 410 Gone", failing: "it failed for five days" } as const;

/** Receivers that were switched off by themselves: nobody is told by them. */
export function OffBanners({ receivers, onDone }: OffBannersProps) {
  return receivers.map((receiver) => <OffBanner key={receiver.id} receiver={receiver} onDone={onDone} />);
}

function OffBanner({ receiver, onDone }: { receiver: OffBannersProps["receivers"][number]; onDone: () => void }) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Extract<Sent<never>, { done: false }>>();
  const switchOn = async () => {
    setBusy(true);
    const sent = await send("PATCH", `/api/v1/alerts/receivers/${receiver.id}`, { enabled: true });
    setBusy(false);
    setFailure(sent.done ? undefined : sent);
    if (sent.done) onDone();
  };
  return (
    <div className="flex flex-col gap-2">
      <Banner
        tone="warn"
        title={
          <>
            The receiver <Foreign text={receiver.name} /> is switched off.
          </>
        }
        actions={
          <Button size="small" disabled={busy} onClick={() => void switchOn()}>
            Switch on
          </Button>
        }
      >
        Since <Moment at={new Date(receiver.at)} />, because {WHY[receiver.reason]}. What waited for it has failed, and
        nobody is told by it. Test it, then switch it on; deliveries that failed can be sent again.
      </Banner>
      <FailureBanner failure={failure} waitSeconds={0} />
    </div>
  );
}
