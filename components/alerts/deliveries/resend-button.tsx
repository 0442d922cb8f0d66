"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FailureBanner } from "@/components/account/failure-banner";
import { useSend } from "@/components/account/use-send";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { DELIVERIES, type Delivery } from "./use-deliveries";

/** Sends a delivery again, with its whole schedule before it. */
export function ResendButton({ delivery: { id, type, state } }: { delivery: Delivery }) {
  const client = useQueryClient();
  const { busy, failure, waitSeconds, run } = useSend();
  const [done, setDone] = useState(false);
  if (type === "test") return null;
  const resend = async () => {
    setDone((await run("POST", `${DELIVERIES}/${id}/resend`)) !== null);
    void client.invalidateQueries({ queryKey: [DELIVERIES] });
  };
  return (
    <div className="flex flex-col items-start gap-2">
      <Button size="small" disabled={busy} onClick={() => void resend()}>
        {state === "waiting" ? "Send now" : "Send again"}
      </Button>
      <FailureBanner failure={failure} waitSeconds={waitSeconds} />
      {done && state === "waiting" && (
        <Banner tone="good">
          It is sent within two seconds, under the same id, and tried again as if it were new.
        </Banner>
      )}
    </div>
  );
}
