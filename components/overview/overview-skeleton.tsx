import { Skeleton } from "@/components/ui/skeleton";

/** The overview's blocks at their sizes. */
export function OverviewSkeleton() {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-4">
      <Skeleton className="h-[204px] rounded-[10px] phone:h-[196px] wide:h-[98px]" />
      <Skeleton className="h-[292px] rounded-[10px]" />
      <Skeleton className="h-[420px] rounded-[10px]" />
    </div>
  );
}
