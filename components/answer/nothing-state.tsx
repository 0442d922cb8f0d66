"use client";
import { widenRange, type View } from "@/components/range/view";
import type { TimeRange } from "@/components/range/view";
import { Button, ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import type { Nothing } from "@/lib/query/answers";

interface NothingStateProps {
  nothing: Nothing;
  range: TimeRange;
  change: (changes: Partial<View>) => void;
}

const WORDS: Record<Nothing, [title: string, why: string]> = {
  nothing_sent_yet: [
    "Nothing sent yet",
    "No app has sent a request to this server. Mounting the middleware is one line.",
  ],
  none_in_range: [
    "No data in this range",
    "The app sent nothing here: there was no traffic, it did not run, or it was not reached.",
  ],
  expired: [
    "No data: it has expired",
    "This range is older than what is kept. Settings, Storage says how long that is.",
  ],
  unknown_user: ["Unknown user", "No app has ever sent a request of a user with this id."],
  filtered_out: ["No data: filtered out", "No service of this name and environment has ever sent anything."],
};

/** Why there is nothing to see, and the way on. */
export function NothingState({ nothing, range, change }: NothingStateProps) {
  const [title, why] = WORDS[nothing];
  return (
    <Card flush>
      <EmptyState title={title} actions={<WayOn {...{ nothing, range, change }} />}>
        {why}
      </EmptyState>
    </Card>
  );
}

function WayOn({ nothing, range, change }: NothingStateProps) {
  if (nothing === "nothing_sent_yet")
    return (
      <ButtonLink kind="primary" href="/start">
        Connect an app
      </ButtonLink>
    );
  if (nothing === "filtered_out")
    return <Button onClick={() => change({ service: "", environment: "" })}>Show all services</Button>;
  return (
    <>
      {nothing === "none_in_range" && <Button onClick={() => change(widenRange(range, Date.now()))}>Zoom out</Button>}
      <Button onClick={() => change({ from: "now-24h", to: "now" })}>Show the last 24 h</Button>
    </>
  );
}
