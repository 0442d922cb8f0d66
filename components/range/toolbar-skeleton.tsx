import { Skeleton } from "@/components/ui/skeleton";

/** The room of the toolbar while a page is read. */
export function ToolbarSkeleton({ comparable = true }: { comparable?: boolean }) {
  return (
    <div aria-hidden className="flex flex-wrap items-center gap-2">
      <Skeleton className="h-8 w-[186px]" />
      {comparable && <Skeleton className="h-8 w-[194px]" />}
      <Skeleton className="h-4 w-24" />
    </div>
  );
}
