import type { Metadata } from "next";
import { JobsCard } from "@/components/settings/jobs-card";
import { PageHeader } from "@/components/ui/page-header";
import { requireSession } from "@/lib/auth/access";
import { SCHEDULE } from "@/lib/jobs/schedule";
import { jobStatuses } from "@/lib/jobs/status";
import { db } from "@/lib/query";

export const metadata: Metadata = { title: "Jobs" };

const DOES = Object.fromEntries(SCHEDULE.map(({ name, does }) => [name, does]));

export default async function Page() {
  await requireSession();
  const now = Date.now();
  return (
    <>
      <PageHeader title="Jobs" note="what the worker does in the background" />
      <JobsCard start={{ jobs: await jobStatuses(db(), now), readAt: now }} does={DOES} />
    </>
  );
}
