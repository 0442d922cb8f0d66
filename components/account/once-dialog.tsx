"use client";
import { useState, type ReactElement, type ReactNode } from "react";
import { Banner } from "@/components/ui/banner";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog, DialogClose } from "@/components/ui/dialog";

interface OnceDialogProps {
  trigger: ReactElement;
  title: string;
  /** The title once the secret is there. */
  madeTitle: string;
  /** What the secret is, in a word. */
  what: string;
  /** What to do with it. */
  advice: string;
  /** The form that makes it. */
  form: (onMade: (secret: string) => void) => ReactNode;
  /** Called when the dialog is closed after one was made. */
  onDone: () => void;
}

/** A dialog that makes a secret and then shows it, the only time. */
export function OnceDialog({ trigger, title, madeTitle, what, advice, form, onDone }: OnceDialogProps) {
  const [open, setOpen] = useState(false);
  const [secret, setSecret] = useState<string>();
  const change = (next: boolean) => {
    setOpen(next);
    if (!next && secret !== undefined) onDone();
    if (next) setSecret(undefined);
  };
  return (
    <Dialog
      title={secret === undefined ? title : madeTitle}
      open={open}
      onOpenChange={change}
      trigger={trigger}
      footer={secret === undefined ? undefined : <DialogClose>Done</DialogClose>}
    >
      {secret === undefined ? (
        form(setSecret)
      ) : (
        <ShownOnce text={secret} what={what}>
          {advice}
        </ShownOnce>
      )}
    </Dialog>
  );
}

/** A secret that is on the screen now and never again. */
export function ShownOnce({ text, what, children }: { text: string; what: string; children: string }) {
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-center gap-2 rounded-lg border border-line bg-sunken p-2 pl-3">
        <code className="min-w-0 flex-1 font-mono text-small break-all select-all">{text}</code>
        <CopyButton text={text} label={`Copy the ${what}`} kind="plain">
          Copy
        </CopyButton>
      </div>
      <Banner tone="warn">{children}</Banner>
    </div>
  );
}
