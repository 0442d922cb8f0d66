"use client";
import { FailureBanner } from "@/components/account/failure-banner";
import { useSend } from "@/components/account/use-send";
import { formatCountExactly } from "@/components/format/count";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { PageLink } from "@/components/ui/page-link";
import type { BoardReceiver } from "@/lib/alerts/delivery/receiver-board";
import { IsoMoment } from "../iso-moment";
import { shortName } from "../short-name";

const WHY = {
  gone: "It answered 410, which asks never to be sent anything again.",
  failing: "It had failed for five days.",
} as const;

/** A receiver that was switched off by itself: why, what was lost, what to do. */
export function OffBanner({ receiver, onDone }: { receiver: BoardReceiver; onDone: () => void }) {
  const { id, name, offReason, offAt, unsent } = receiver;
  const { busy, failure, waitSeconds, run } = useSend();
  const switchOn = async () => {
    if (await run("PATCH", `/api/v1/alerts/receivers/${id}`, { enabled: true })) onDone();
  };
  if (offReason === null) return null;
  return (
    <>
      <FailureBanner failure={failure} waitSeconds={waitSeconds} />
      <Banner
        tone="bad"
        title={
          <>
            “{shortName(name)}” was switched off by itself, <IsoMoment at={offAt} />.
          </>
        }
        actions={
          <Button size="small" disabled={busy} onClick={() => void switchOn()}>
            Switch on
          </Button>
        }
      >
        {WHY[offReason]} <Unsent id={id} unsent={unsent} /> Find out why, send it a test, then switch it on.
      </Banner>
    </>
  );
}

function Unsent({ id, unsent }: { id: string; unsent: number }) {
  if (unsent === 0) return "Nothing was left unsent.";
  const what = unsent === 1 ? "1 message" : `${formatCountExactly(unsent)} messages`;
  return (
    <>
      <PageLink href={`/alerts/deliveries?receiver=${id}&state=failed`} className="underline">
        {what}
      </PageLink>{" "}
      could not be sent: {unsent === 1 ? "it" : "each"} can be sent again once it is on.
    </>
  );
}
