import { Search } from "lucide-react";
import type { KeyboardEvent } from "react";
import { classes } from "./classes";

interface SearchFieldProps {
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
  /** Goes on to what was found, by Enter or the arrow down. */
  onGoOn?: () => void;
  className?: string;
}

/** A field to search what the page shows; `/` goes there, Escape leaves it. */
export function SearchField({ label, placeholder, value, onChange, onGoOn, className }: SearchFieldProps) {
  const keys = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Escape") event.currentTarget.blur();
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    event.preventDefault();
    onGoOn?.();
  };
  return (
    <label className={classes("relative block", className)}>
      <Search size={14} aria-hidden className="absolute top-1/2 left-2.5 -translate-y-1/2 text-faint" />
      <input
        type="search"
        data-shortcut="/"
        aria-label={label}
        placeholder={placeholder}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={keys}
        className="h-[30px] touch:h-11 w-full rounded-[7px] border border-line bg-surface pr-2 pl-8 text-table text-text placeholder:text-faint"
      />
    </label>
  );
}
