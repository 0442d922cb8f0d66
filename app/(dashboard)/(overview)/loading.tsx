import { Skeleton } from "@/components/ui/skeleton";

/** A page's title and blocks while it is read; the frame around it stays. */
export default function Loading() {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-4">
      <Skeleton className="mb-0.5 h-8 w-56" />
      <Skeleton className="h-[98px] rounded-[10px]" />
      <Skeleton className="h-[292px] rounded-[10px]" />
      <Skeleton className="h-[420px] rounded-[10px]" />
    </div>
  );
}
