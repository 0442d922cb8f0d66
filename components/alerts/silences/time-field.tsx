"use client";
import type { ReactNode } from "react";
import { useZone } from "@/components/shell/clock";
import { Field, Input } from "@/components/ui/field";

interface TimeFieldProps {
  label: string;
  name: string;
  /** As `datetime-local` has it, in the reader's clock. */
  value: string;
  onChange: (value: string) => void;
  required?: boolean;
  hint?: ReactNode;
}

/** A moment, typed in the clock in which the page tells times. */
export function TimeField({ label, name, value, onChange, required = false, hint }: TimeFieldProps) {
  const zone = useZone();
  return (
    <Field label={`${label} (${zone})`} {...(hint === undefined ? {} : { hint })}>
      <Input
        name={name}
        type="datetime-local"
        required={required}
        value={value}
        onValueChange={onChange}
        className="figures"
      />
    </Field>
  );
}
