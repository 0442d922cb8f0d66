"use client";
import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import { classes } from "./classes";

interface ChoiceProps<T extends string> {
  label: string;
  options: readonly { value: T; label: string }[];
  value: T;
  onChange: (value: T) => void;
  /** Too many for one row: rows of three of the same width. */
  inThrees?: boolean;
}

/** One of a few, side by side. */
export function Choice<T extends string>({ label, options, value, onChange, inThrees = false }: ChoiceProps<T>) {
  return (
    <RadioGroup
      aria-label={label}
      value={value}
      onValueChange={(next) => onChange(next as T)}
      className={classes(
        "rounded-lg border border-line bg-sunken p-0.5",
        inThrees ? "grid w-full grid-cols-3" : "inline-flex flex-wrap",
      )}
    >
      {options.map((option) => (
        <label
          key={option.value}
          className="flex cursor-pointer items-center justify-center rounded-md px-3 py-1 text-table touch:min-h-11 text-muted has-data-checked:bg-accent-soft has-data-checked:font-medium has-data-checked:text-text has-focus-visible:outline-2 has-focus-visible:outline-accent"
        >
          <Radio.Root value={option.value} className="sr-only" />
          {option.label}
        </label>
      ))}
    </RadioGroup>
  );
}
