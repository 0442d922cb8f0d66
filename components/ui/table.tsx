import type { ComponentProps } from "react";
import { classes } from "./classes";

/** A plain table: first column left, figures right; wide ones scroll inside their card. */
export function Table({ className, ...rest }: ComponentProps<"table">) {
  return (
    <div className="relative overflow-x-auto">
      <table className={classes("w-full border-collapse text-table figures", className)} {...rest} />
    </div>
  );
}

export function Th({ className, ...rest }: ComponentProps<"th">) {
  return (
    <th
      scope="col"
      className={classes(
        "border-b border-line px-2.5 py-2 text-right text-small font-medium whitespace-nowrap text-muted",
        "first:pl-4 first:text-left last:pr-4",
        className,
      )}
      {...rest}
    />
  );
}

export function Td({ className, ...rest }: ComponentProps<"td">) {
  return (
    <td
      className={classes(
        "border-b border-line-soft px-2.5 py-[7px] text-right whitespace-nowrap in-[tr:last-child]:border-0",
        "first:pl-4 first:text-left last:pr-4",
        className,
      )}
      {...rest}
    />
  );
}
