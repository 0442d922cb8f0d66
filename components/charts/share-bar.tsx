/** A bar as long as its part of the longest; the figure stands beside it. */
export function ShareBar({ part, colour = "var(--p99)" }: { part: number; colour?: string }) {
  return (
    <span aria-hidden className="inline-block h-1.5 w-[72px] overflow-hidden rounded-full bg-line-soft align-middle">
      <i
        className="block h-full rounded-full"
        style={{ width: `${Math.min(100, part * 100)}%`, minWidth: part > 0 ? 2 : 0, background: colour }}
      />
    </span>
  );
}
