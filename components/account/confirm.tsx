"use client";
import { useState, type ReactElement, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { FailureBanner } from "./failure-banner";
import { useSend } from "./use-send";

interface ConfirmProps {
  trigger: ReactElement;
  title: string;
  /** What will happen, and what will not. */
  children: ReactNode;
  /** The verb on the button. */
  verb: string;
  path: string;
  method?: "POST" | "DELETE";
  onDone: () => void;
}

/** Asks before a change that cannot be undone. */
export function Confirm({ trigger, title, children, verb, path, method = "DELETE", onDone }: ConfirmProps) {
  const [open, setOpen] = useState(false);
  const { busy, failure, waitSeconds, run, clear } = useSend();
  const change = (next: boolean) => {
    setOpen(next);
    if (next) clear();
  };
  const act = async () => {
    if (!(await run(method, path))) return;
    setOpen(false);
    onDone();
  };
  return (
    <Dialog
      title={title}
      description={children}
      trigger={trigger}
      open={open}
      onOpenChange={change}
      footer={
        <>
          <DialogClose>Cancel</DialogClose>
          <Button kind="danger" disabled={busy} onClick={() => void act()}>
            {verb}
          </Button>
        </>
      }
    >
      {failure && <FailureBanner failure={failure} waitSeconds={waitSeconds} />}
    </Dialog>
  );
}
