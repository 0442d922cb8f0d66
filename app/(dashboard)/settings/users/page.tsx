import type { Metadata } from "next";
import { InvitationsCard } from "@/components/account/invitations-card";
import { PeopleCard } from "@/components/account/people-card";
import { PageHeader } from "@/components/ui/page-header";
import { requireSession } from "@/lib/auth/access";
import { listInvitations } from "@/lib/auth/invitations";
import { listPeople } from "@/lib/auth/users";

export const metadata: Metadata = { title: "Users" };

export default async function UsersPage() {
  const { userId } = await requireSession();
  const [people, invitations] = await Promise.all([listPeople(), listInvitations()]);
  return (
    <>
      <PageHeader title="Users" note="who may sign in to this server" />
      <div className="flex flex-col gap-6">
        <PeopleCard people={people} self={userId} />
        {invitations.length > 0 && <InvitationsCard invitations={invitations} />}
      </div>
    </>
  );
}
