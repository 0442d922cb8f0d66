import type { ReactNode } from "react";

/** The box of figures beside the crosshair: on its right, and on its left in the right half; below the names of releases. */
export function PlotTip({ x, width, children }: { x: number; width: number; children: ReactNode }) {
  const side = x > width / 2 ? { right: width - x + 12 } : { left: x + 12 };
  return (
    <div
      role="status"
      className="pointer-events-none absolute top-5 z-20 min-w-36 rounded-lg bg-raised px-3 py-2 text-small shadow-float figures"
      style={side}
    >
      {children}
    </div>
  );
}

interface TipRowProps {
  colour?: string;
  name: string;
  value: string;
  /** Rests on too few samples. */
  faint?: boolean;
}

export function TipRow({ colour, name, value, faint = false }: TipRowProps) {
  return (
    <div className="flex items-center gap-2 leading-5">
      <i className="size-2 rounded-[2px]" style={{ background: colour ?? "transparent" }} />
      <span className="text-muted">{name}</span>
      <span className={faint ? "ml-auto pl-4 text-faint" : "ml-auto pl-4 font-medium"}>{value}</span>
    </div>
  );
}
