import { Foreign } from "@/components/ui/foreign";
import { PageLink } from "@/components/ui/page-link";
import { userAddress } from "./user-search";

interface UserLinkProps {
  user: string | null;
  /** What the link takes along, as `?from=…`. */
  search: string;
}

/** A user of the app, as a link to their page. */
export function UserLink({ user, search }: UserLinkProps) {
  if (user === null) return <span className="text-muted">no user</span>;
  return (
    <PageLink href={userAddress(user, search)} className="hover:underline touch:leading-11">
      <Foreign text={user} />
    </PageLink>
  );
}
