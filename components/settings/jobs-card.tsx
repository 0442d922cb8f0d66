"use client";
import { useMemo } from "react";
import { ErrorState } from "@/components/answer/error-state";
import { useAnswer } from "@/components/data/use-answer";
import { formatCount } from "@/components/format/count";
import { formatAge, formatDuration, formatWidth } from "@/components/format/duration";
import { Banner } from "@/components/ui/banner";
import { Card } from "@/components/ui/card";
import { Table, Td, Th } from "@/components/ui/table";
import { TableFiles } from "@/components/ui/table-files";
import type { JobStatus } from "@/lib/query/answers";

interface JobsAnswer {
  jobs: JobStatus[];
  /** Unix ms. */
  readAt: number;
}

/** Every job with its last run and how far it is behind; kept up to date while it is looked at. */
export function JobsCard({ start, does }: { start: JobsAnswer; does: Readonly<Record<string, string>> }) {
  const { jobs: first, readAt: firstAt } = start;
  const initial = useMemo(
    () => ({ search: "", answer: { jobs: first, readAt: firstAt }, at: firstAt }),
    [first, firstAt],
  );
  const asked = useAnswer<JobsAnswer>({ path: "/data/jobs", search: "", initial, refreshMs: 5_000 });
  const { jobs, readAt } = asked.answer ?? start;
  const unwell = jobs.filter(({ healthy }) => !healthy);
  return (
    <div className="flex flex-col gap-4">
      {asked.error && <ErrorState error={asked.error} kept retry={asked.retry} />}
      {unwell.length > 0 && (
        <Banner tone="bad" title={unwell.length === 1 ? "A job is not well." : `${unwell.length} jobs are not well.`}>
          Batches are accepted and kept meanwhile, and counted once it runs again. Check that the worker runs, and its
          log.
        </Banner>
      )}
      <Card flush title="Jobs" actions={<TableFiles table="jobs" label="these jobs" />}>
        <Table aria-label="Jobs">
          <thead>
            <tr>
              <Th>Job</Th>
              <Th roomy>Every</Th>
              <Th>Last run</Th>
              <Th roomy>Took</Th>
              <Th edge>Behind</Th>
              <Th roomy>Runs</Th>
              <Th roomy>Failures</Th>
            </tr>
          </thead>
          <tbody>
            {jobs.map((job) => (
              <JobRow key={job.job} job={job} readAt={readAt} does={does[job.job] ?? ""} />
            ))}
          </tbody>
        </Table>
      </Card>
    </div>
  );
}

function JobRow({ job, readAt, does }: { job: JobStatus; readAt: number; does: string }) {
  const { succeededAt, durationMs, lagSeconds, error } = job;
  return (
    <tr>
      <Td wrap>
        <span className="flex items-baseline gap-2">
          <i className={`size-[7px] shrink-0 rounded-full ${job.healthy ? "bg-fill" : "bg-server"}`} />
          <span>
            <span className="font-medium">{job.job}</span>
            <span className="sr-only">{job.healthy ? ", well" : ", not well"}</span>{" "}
            <span className="ml-1 text-muted">{does}</span>
            <span className="block text-small text-muted phone:hidden">
              every {formatWidth(job.everySeconds)}, {formatCount(job.runs)} runs, {formatCount(job.failures)} failed
            </span>
            {error !== null && <span className="block text-small break-words text-server">{error}</span>}
          </span>
        </span>
      </Td>
      <Td roomy className="text-muted">
        {formatWidth(job.everySeconds)}
      </Td>
      <Td>{succeededAt === null ? "never" : `${formatAge(readAt - Date.parse(succeededAt))} ago`}</Td>
      <Td roomy className="text-muted">
        {durationMs === null ? "–" : formatDuration(durationMs * 1_000)}
      </Td>
      <Td edge className={job.healthy ? "text-muted" : "font-medium text-server"}>
        {lagSeconds === null ? "–" : lagSeconds === 0 ? "no" : formatAge(lagSeconds * 1_000)}
      </Td>
      <Td roomy className="text-muted">
        {formatCount(job.runs)}
      </Td>
      <Td roomy className={job.failures > 0 ? "text-server" : "text-muted"}>
        {formatCount(job.failures)}
      </Td>
    </tr>
  );
}
