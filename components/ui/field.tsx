"use client";
import { Field as Base } from "@base-ui/react/field";
import type { ComponentProps, ReactNode } from "react";
import { classes } from "./classes";

export const inputClass =
  "h-9 w-full touch:min-h-11 rounded-[7px] border border-line bg-surface px-3 text-base text-text placeholder:text-faint " +
  "focus-visible:border-accent disabled:opacity-60 data-invalid:border-server";

interface FieldProps {
  label: string;
  /** What to write, or what happens with it. */
  hint?: ReactNode;
  /** What is wrong and what to do. */
  error?: string | undefined;
  children: ReactNode;
}

/** A label, a control, a hint and an error, tied together for screen readers. */
export function Field({ label, hint, error, children }: FieldProps) {
  return (
    <Base.Root invalid={error !== undefined} className="flex flex-col gap-1.5">
      <Base.Label className="text-table font-medium">{label}</Base.Label>
      {children}
      {hint !== undefined && <Base.Description className="text-small text-muted">{hint}</Base.Description>}
      <Base.Error match={error !== undefined} className="text-small text-server">
        {error}
      </Base.Error>
    </Base.Root>
  );
}

export function Input({ className, ...rest }: ComponentProps<typeof Base.Control>) {
  return <Base.Control className={classes(inputClass, className as string | undefined)} {...rest} />;
}
