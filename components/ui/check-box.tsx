"use client";
import { Checkbox } from "@base-ui/react/checkbox";
import { Check } from "lucide-react";

interface CheckBoxProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  /** Names it where no label stands around it. */
  label?: string;
  title?: string;
  disabled?: boolean;
  /** What it is filled with while it is checked. */
  colour?: string;
}

export function CheckBox({ checked, onChange, label, title, disabled = false, colour }: CheckBoxProps) {
  return (
    <Checkbox.Root
      checked={checked}
      onCheckedChange={onChange}
      disabled={disabled}
      aria-label={label}
      title={title}
      style={checked && colour ? { background: colour } : undefined}
      className="flex size-4 shrink-0 cursor-pointer items-center justify-center rounded border border-line bg-surface data-checked:border-transparent data-checked:bg-fill data-checked:text-on-fill data-disabled:cursor-default data-disabled:opacity-40"
    >
      <Checkbox.Indicator>
        <Check size={12} strokeWidth={3} aria-hidden />
      </Checkbox.Indicator>
    </Checkbox.Root>
  );
}
