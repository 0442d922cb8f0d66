"use client";
import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronDown } from "lucide-react";
import { buttonClass, type ButtonSize } from "./button";
import { classes } from "./classes";
import { itemClass, popupClass } from "./menu";

export interface Option<T extends string> {
  value: T;
  label: string;
}

interface SelectProps<T extends string> {
  /** What is chosen here, for screen readers. */
  label: string;
  value: T;
  options: readonly Option<T>[];
  onChange: (value: T) => void;
  size?: ButtonSize;
  className?: string;
  name?: string;
}

export function Select<T extends string>(props: SelectProps<T>) {
  const { label, value, options, onChange, size, className, name } = props;
  return (
    <Base.Root
      items={options}
      value={value}
      onValueChange={(next) => next !== null && onChange(next)}
      {...(name ? { name } : {})}
    >
      <Base.Trigger aria-label={label} className={classes(buttonClass("plain", size), "max-w-60", className)}>
        <Base.Value className="truncate" />
        <Base.Icon className="ml-auto text-muted">
          <ChevronDown size={14} aria-hidden />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50 outline-none">
          <Base.Popup className={popupClass}>
            {options.map((option) => (
              <Base.Item key={option.value} value={option.value} className={itemClass}>
                <span className="grid size-4 place-items-center">
                  <Base.ItemIndicator>
                    <Check size={14} aria-hidden />
                  </Base.ItemIndicator>
                </span>
                <Base.ItemText>{option.label}</Base.ItemText>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
