import { classes } from "@/components/ui/classes";

interface ShareBarProps {
  part: number;
  colour?: string;
  narrow?: boolean;
}

/** A bar as long as its part of the longest; the figure stands beside it. */
export function ShareBar({ part, colour = "var(--p99)", narrow = false }: ShareBarProps) {
  return (
    <span
      aria-hidden
      className={classes(
        "inline-block h-1.5 overflow-hidden rounded-full bg-line-soft align-middle",
        narrow ? "w-11" : "w-[72px]",
      )}
    >
      <i
        className="block h-full rounded-full"
        style={{ width: `${Math.min(100, part * 100)}%`, minWidth: part > 0 ? 2 : 0, background: colour }}
      />
    </span>
  );
}
