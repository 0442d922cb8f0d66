import { classes } from "./classes";

/** A quiet block of the size of what will stand there. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={classes("animate-breathe rounded-md bg-line-soft", className)} />;
}
