import { Skeleton } from "@/components/ui/skeleton";

/** The page's blocks at their sizes. */
export function PrefillSkeleton() {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-4">
      <Skeleton className="h-[196px] rounded-[10px] wide:h-[98px]" />
      <div className="grid gap-4 wide:grid-cols-2">
        <Skeleton className="h-[382px] rounded-[10px]" />
        <Skeleton className="h-[382px] rounded-[10px]" />
      </div>
      <Skeleton className="h-[420px] rounded-[10px]" />
    </div>
  );
}
