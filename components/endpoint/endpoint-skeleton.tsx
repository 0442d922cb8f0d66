import { ToolbarSkeleton } from "@/components/range/toolbar-skeleton";
import { Skeleton } from "@/components/ui/skeleton";
import type { EndpointIdentity } from "@/lib/query/answers";
import { EndpointHeader } from "./endpoint-header";

/** The endpoint page before its figures were read: which endpoint it is, is known. */
export function EndpointWaiting({ endpoint }: { endpoint: EndpointIdentity }) {
  return (
    <>
      <EndpointHeader endpoint={endpoint}>
        <ToolbarSkeleton />
      </EndpointHeader>
      <EndpointSkeleton />
    </>
  );
}

/** The endpoint page's blocks at their sizes. */
export function EndpointSkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading"
      className="grid items-start gap-4 wide:grid-cols-[minmax(0,1.36fr)_minmax(0,1fr)]"
    >
      <div className="flex flex-col gap-4">
        <Skeleton className="h-[292px] rounded-[10px]" />
        <Skeleton className="h-[378px] rounded-[10px]" />
        <Skeleton className="h-[268px] rounded-[10px]" />
      </div>
      <div className="flex flex-col gap-4">
        <Skeleton className="h-[440px] rounded-[10px]" />
        <Skeleton className="h-[290px] rounded-[10px]" />
        <Skeleton className="h-[212px] rounded-[10px]" />
      </div>
    </div>
  );
}
