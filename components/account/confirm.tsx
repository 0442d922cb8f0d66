"use client";
import { useState, type ReactElement, type ReactNode } from "react";
import { Button, type ButtonKind } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { FailureBanner } from "./failure-banner";
import type { Method } from "./send";
import { useSend } from "./use-send";

interface ConfirmProps {
  /** What opens it; without it, `open` and `onOpenChange` do. */
  trigger?: ReactElement;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  title: string;
  /** What will happen, and what will not. */
  children: ReactNode;
  /** The verb on the button. */
  verb: string;
  kind?: ButtonKind;
  path: string;
  method?: Method;
  body?: unknown;
  onDone: () => void;
}

/** Asks before a change that cannot be undone. */
export function Confirm(props: ConfirmProps) {
  const { trigger, title, children, verb, kind = "danger", path, method = "DELETE", body, onDone } = props;
  const [opened, setOpened] = useState(false);
  const { open = opened, onOpenChange = setOpened } = props;
  const { busy, failure, waitSeconds, run, clear } = useSend();
  const change = (next: boolean) => {
    onOpenChange(next);
    clear();
  };
  const act = async () => {
    if (!(await run(method, path, body))) return;
    change(false);
    onDone();
  };
  return (
    <Dialog
      title={title}
      description={children}
      {...(trigger && { trigger })}
      open={open}
      onOpenChange={change}
      footer={
        <>
          <DialogClose>Cancel</DialogClose>
          <Button kind={kind} disabled={busy} onClick={() => void act()}>
            {verb}
          </Button>
        </>
      }
    >
      {failure && <FailureBanner failure={failure} waitSeconds={waitSeconds} />}
    </Dialog>
  );
}
