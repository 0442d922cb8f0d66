import Link from "next/link";
import type { ComponentProps } from "react";
import { classes } from "./classes";

export type ButtonKind = "plain" | "primary" | "quiet" | "danger";
export type ButtonSize = "small" | "medium";

const KINDS: Record<ButtonKind, string> = {
  plain: "border-line bg-surface text-text shadow-card hover:bg-sunken data-popup-open:bg-sunken",
  primary: "border-transparent bg-fill text-on-fill font-medium hover:brightness-110",
  quiet: "border-transparent text-muted hover:bg-sunken hover:text-text data-popup-open:bg-sunken",
  danger: "border-line bg-surface text-server shadow-card hover:bg-bad-soft",
};
const SIZES: Record<ButtonSize, string> = { small: "h-7 px-2 text-small", medium: "h-8 px-3 text-table" };

/** The looks of a button, for anything that has to look like one (links, triggers). */
export function buttonClass(kind: ButtonKind = "plain", size: ButtonSize = "medium"): string {
  return classes(
    "inline-flex shrink-0 cursor-pointer items-center justify-center gap-1.5 rounded-[7px] border whitespace-nowrap",
    "transition-colors select-none disabled:cursor-default disabled:opacity-50 touch:min-h-11 touch:min-w-11",
    KINDS[kind],
    SIZES[size],
  );
}

export interface ButtonLook {
  kind?: ButtonKind;
  size?: ButtonSize;
}

export function Button({ kind, size, className, type = "button", ...rest }: ComponentProps<"button"> & ButtonLook) {
  return <button type={type} className={classes(buttonClass(kind, size), className)} {...rest} />;
}

export function ButtonLink({ kind, size, className, ...rest }: ComponentProps<typeof Link> & ButtonLook) {
  return <Link className={classes(buttonClass(kind, size), className)} {...rest} />;
}
