"use client";
import { useState } from "react";
import { FailureBanner } from "@/components/account/failure-banner";
import { useSend } from "@/components/account/use-send";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import type { BoardReceiver } from "@/lib/alerts/delivery/receiver-board";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";
import { shortName } from "../short-name";
import { tookText } from "../took-text";

type Result = AlertAnswer<"AlertTest">;

/** Sends a test at once, and says what became of it. */
export function TestReceiver({ receiver, onDone }: { receiver: BoardReceiver; onDone: () => void }) {
  const [open, setOpen] = useState(false);
  const [result, setResult] = useState<Result>();
  const { busy, failure, waitSeconds, run } = useSend();
  const test = async () => {
    setResult(undefined);
    const sent = await run<Result>("POST", `/api/v1/alerts/receivers/${receiver.id}/test`);
    if (sent) setResult(sent.data);
    onDone();
  };
  const change = (next: boolean) => {
    setOpen(next);
    if (next) void test();
  };
  return (
    <Dialog
      title={`Test of “${shortName(receiver.name)}”`}
      description="One message that says that nothing is wrong. It is not tried again."
      open={open}
      onOpenChange={change}
      trigger={
        <Button size="small" aria-label={`Test ${shortName(receiver.name)}`}>
          Test
        </Button>
      }
      footer={
        <>
          <Button disabled={busy} onClick={() => void test()}>
            Send another
          </Button>
          <DialogClose>Close</DialogClose>
        </>
      }
    >
      <div className="flex min-h-10 flex-col gap-3">
        {busy && (
          <Banner tone="info" title="Sending…">
            An answer is waited for up to 15 s.
          </Banner>
        )}
        {!busy && <FailureBanner failure={failure} waitSeconds={waitSeconds} />}
        {!busy && result && <TestResult result={result} />}
      </div>
    </Dialog>
  );
}

/** Status, time and error, in words. */
function TestResult({ result: { state, status, error, tookMs } }: { result: Result }) {
  const took = tookText(tookMs);
  if (state === "delivered")
    return (
      <Banner tone="good" title="Delivered.">
        It answered {status} after {took}.
      </Banner>
    );
  return (
    <Banner tone="bad" title="Not delivered.">
      {status === null ? `${error ?? "Nothing came back."}` : `It answered ${status}${error ? `: ${error}` : ""}.`} That
      took {took}.
    </Banner>
  );
}
