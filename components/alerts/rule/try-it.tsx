"use client";
import { useState } from "react";
import { FailureBanner } from "@/components/account/failure-banner";
import { useSend } from "@/components/account/use-send";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Choice } from "@/components/ui/choice";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";
import { DAYS } from "./back-test-card";
import { BackTestView } from "./back-test-view";

interface TryItProps {
  /** The rule as it is typed. */
  body: Record<string, unknown>;
  /** What it says; null while something in it cannot be read. What can be read has every field that the sentence names. */
  sentence: string | null;
  onUnreadable: () => void;
}

/** Tries a rule that is not made yet on the last days. */
export function TryIt({ body, sentence, onUnreadable }: TryItProps) {
  const [days, setDays] = useState<(typeof DAYS)[number]["value"]>("1");
  const [shown, setShown] = useState<{ test: AlertAnswer<"AlertBackTest">; of: string }>();
  const { busy, failure, waitSeconds, run } = useSend();
  const of = JSON.stringify([body, days]);
  const tryIt = async () => {
    if (sentence === null) return onUnreadable();
    const rule = body["name"] === "" ? { ...body, name: "draft" } : body;
    const sent = await run<AlertAnswer<"AlertBackTest">>("POST", "/api/v1/alerts/back-test", {
      rule,
      days: Number(days),
    });
    if (sent) setShown({ test: sent.data, of });
  };
  return (
    <div className="flex min-w-0 flex-col gap-4 wide:sticky wide:top-4">
      <Card title="It fires on" note="try it on the last days before it is made">
        <p className="mb-3 text-table break-words">
          {sentence ?? <span className="text-muted">Something cannot be read yet.</span>}
        </p>
        <div className="flex flex-wrap items-center gap-3">
          <Choice label="How many days" options={DAYS} value={days} onChange={setDays} />
          <Button disabled={busy} onClick={() => void tryIt()}>
            {busy ? "Trying" : "Try it"}
          </Button>
          {shown !== undefined && shown.of !== of && (
            <span className="text-small text-muted">The rule has changed since: try it again.</span>
          )}
        </div>
        {failure && (
          <div className="mt-3">
            <FailureBanner failure={failure} waitSeconds={waitSeconds} />
          </div>
        )}
      </Card>
      {shown && <BackTestView test={shown.test} title="Back-test" note="what it would have done" />}
    </div>
  );
}
