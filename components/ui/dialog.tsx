"use client";
import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { Button, buttonClass } from "./button";
import { classes } from "./classes";

interface DialogProps {
  title: string;
  description?: ReactNode;
  children?: ReactNode;
  /** Buttons at the foot; `DialogClose` is one of them. */
  footer?: ReactNode;
  /** What opens it; without it, `open` and `onOpenChange` do. */
  trigger?: ReactElement;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  wide?: boolean;
}

export function Dialog({ title, description, children, footer, trigger, open, onOpenChange, wide }: DialogProps) {
  return (
    <Base.Root {...(open === undefined ? {} : { open })} {...(onOpenChange ? { onOpenChange } : {})}>
      {trigger && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-[oklch(0.2_0.02_260/0.35)] transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          className={classes(
            "fixed top-[12vh] left-1/2 z-50 max-h-[80vh] w-[calc(100vw-24px)] -translate-x-1/2 overflow-auto rounded-xl bg-raised p-5 shadow-float outline-none",
            wide ? "max-w-2xl" : "max-w-md",
          )}
        >
          <Base.Title className="pr-8 text-base font-semibold">{title}</Base.Title>
          {description !== undefined && (
            <Base.Description className="mt-1 text-table text-muted">{description}</Base.Description>
          )}
          {children !== undefined && <div className="mt-4">{children}</div>}
          {footer !== undefined && <div className="mt-5 flex flex-wrap justify-end gap-2">{footer}</div>}
          {/* The last by keys: a dialog begins with its first field. */}
          <Base.Close className={classes(buttonClass("quiet", "small"), "absolute top-4 right-4")} aria-label="Close">
            <X size={16} aria-hidden />
          </Base.Close>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** A button at a dialog's foot that closes it. */
export function DialogClose({ children }: { children: ReactNode }) {
  return <Base.Close render={<Button />}>{children}</Base.Close>;
}
