import type { ReactNode } from "react";
import { classes } from "./classes";

interface CardProps {
  title?: ReactNode;
  /** Said beside the title, quieter: the unit, the size of the sample. */
  note?: ReactNode;
  /** Buttons at the right of the title. */
  actions?: ReactNode;
  /** What stands between title and buttons, and below them where there is no room. */
  legend?: ReactNode;
  children: ReactNode;
  className?: string;
  /** Tables reach the card's edges; everything else is padded. */
  flush?: boolean;
  /** Takes what height its column has left, where pages have columns. */
  grow?: boolean;
}

const GROWING = "wide:flex wide:grow wide:flex-col";

export function Card({ title, note, actions, legend, children, className, flush = false, grow = false }: CardProps) {
  return (
    <section
      className={classes(
        "min-w-0 rounded-[10px] border border-line bg-surface shadow-card",
        grow && GROWING,
        className,
      )}
    >
      {title !== undefined && (
        <header className="flex min-h-11 flex-wrap items-center gap-x-2.5 gap-y-1 px-4 pt-2.5">
          <h2 className="text-base font-semibold">{title}</h2>
          {note !== undefined && <span className="min-w-0 text-table text-muted">{note}</span>}
          {(legend !== undefined || actions !== undefined) && (
            <div className="contents text-small text-muted phone:ml-auto phone:flex phone:flex-wrap phone:items-center phone:justify-end phone:gap-x-2.5 phone:gap-y-1">
              {legend !== undefined && (
                <div className="order-last flex basis-full flex-wrap items-center gap-x-2.5 phone:order-none phone:basis-auto phone:justify-end phone:gap-y-1">
                  {legend}
                </div>
              )}
              {actions !== undefined && (
                <div className="ml-auto flex flex-wrap items-center gap-x-2.5 gap-y-1">{actions}</div>
              )}
            </div>
          )}
        </header>
      )}
      <div className={classes(flush ? "pt-1" : "px-4 pt-2 pb-4", grow && GROWING)}>{children}</div>
    </section>
  );
}
