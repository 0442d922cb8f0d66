"use client";
import { useId, type ReactNode } from "react";
import { Field, Input } from "@/components/ui/field";
import { classes } from "@/components/ui/classes";
import type { DraftProblems } from "./rule-body";
import type { RuleDraft, TextField } from "./rule-draft";

/** A draft with what is wrong with it, and how it is changed. */
export interface Drafting {
  draft: RuleDraft;
  /** Said once somebody tried to send it. */
  problems: DraftProblems;
  set: (changes: Partial<RuleDraft>) => void;
}

interface DraftFieldProps {
  of: Drafting;
  field: TextField;
  label: string;
  hint?: ReactNode;
  placeholder?: string;
  /** What is offered while one types. */
  offers?: readonly string[] | undefined;
  /** Wide enough for a figure with its unit, and no wider. */
  narrow?: boolean;
  required?: boolean;
  maxLength?: number;
}

/** One text of a draft. */
export function DraftField(props: DraftFieldProps) {
  const { of, field, label, hint, placeholder, offers, narrow = false, required = false, maxLength } = props;
  const list = useId();
  return (
    <div className={classes(narrow && "w-full phone:w-32")}>
      <Field label={label} hint={hint} error={of.problems[field]}>
        <Input
          value={of.draft[field]}
          onChange={(event) => of.set({ [field]: event.target.value })}
          placeholder={placeholder}
          required={required}
          maxLength={maxLength}
          autoComplete="off"
          {...(offers && { list })}
        />
      </Field>
      {offers && (
        <datalist id={list}>
          {offers.map((offer) => (
            <option key={offer} value={offer} />
          ))}
        </datalist>
      )}
    </div>
  );
}

/** Fields beside each other where there is room. */
export function FieldRow({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-start gap-x-4 gap-y-3">{children}</div>;
}

/** A choice of a draft with its label above. */
export function Labelled({ label, hint, children }: { label: string; hint?: ReactNode; children: ReactNode }) {
  return (
    <div className="flex flex-col items-start gap-1.5">
      <span className="text-table font-medium">{label}</span>
      {children}
      {hint !== undefined && <span className="text-small text-muted">{hint}</span>}
    </div>
  );
}
