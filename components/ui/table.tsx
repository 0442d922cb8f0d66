import type { ComponentProps } from "react";
import { classes } from "./classes";

/** A plain table: first column left, figures right; one that is too wide scrolls inside its card. */
export function Table({ className, ...rest }: ComponentProps<"table">) {
  return (
    <div className="relative overflow-x-auto">
      <table className={classes("w-full border-collapse text-table figures", className)} {...rest} />
    </div>
  );
}

interface CellLook {
  /** Words and not figures: at the left. */
  left?: boolean;
  /** Left out where there is no room, as on a phone. */
  roomy?: boolean;
  /** The last one that is not left out there. */
  edge?: boolean;
}

const looks = ({ left, roomy, edge }: CellLook) =>
  classes(
    "px-1.5 first:pl-4 last:pr-4 phone:px-2.5 phone:first:pl-4 phone:last:pr-4",
    left ? "text-left" : "text-right first:text-left",
    roomy && "hidden phone:table-cell",
    edge && "pr-4 phone:pr-2.5",
  );

export function Th({ className, left = false, roomy = false, edge = false, ...rest }: ComponentProps<"th"> & CellLook) {
  return (
    <th
      scope="col"
      className={classes(
        "border-b border-line py-2 text-small font-medium whitespace-nowrap text-muted",
        looks({ left, roomy, edge }),
        className,
      )}
      {...rest}
    />
  );
}

interface TdProps extends ComponentProps<"td">, CellLook {
  /** Words that may take several lines. */
  wrap?: boolean;
}

export function Td({ className, left = false, roomy = false, edge = false, wrap = false, ...rest }: TdProps) {
  return (
    <td
      className={classes(
        "border-b border-line-soft py-[7px] in-[tr:last-child]:border-0",
        wrap ? "whitespace-normal" : "whitespace-nowrap",
        looks({ left, roomy, edge }),
        className,
      )}
      {...rest}
    />
  );
}
