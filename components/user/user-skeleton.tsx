import { ToolbarSkeleton } from "@/components/range/toolbar-skeleton";
import { Skeleton } from "@/components/ui/skeleton";
import { UserHeader } from "./user-header";

/** The user page before its figures were read: whom it is about, is known. */
export function UserWaiting({ user }: { user: string }) {
  return (
    <>
      <UserHeader user={user} place="">
        <ToolbarSkeleton comparable={false} />
      </UserHeader>
      <UserSkeleton />
    </>
  );
}

/** The user page's blocks at their sizes. */
export function UserSkeleton() {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-4">
      <div className="grid gap-4 wide:grid-cols-[minmax(0,1.36fr)_minmax(0,1fr)]">
        <Skeleton className="h-[292px] rounded-[10px]" />
        <Skeleton className="h-[292px] rounded-[10px]" />
      </div>
      <Skeleton className="h-[320px] rounded-[10px]" />
    </div>
  );
}
