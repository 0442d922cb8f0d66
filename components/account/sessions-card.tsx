"use client";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Confirm } from "./confirm";
import { FailureBanner } from "./failure-banner";
import { useSend } from "./use-send";

const leave = () => window.location.assign("/sign-in");

/** Ends this session, or all of them. */
export function SessionsCard() {
  const { busy, failure, waitSeconds, run } = useSend({ leaves: true });
  const signOut = async () => {
    if (await run("POST", "/api/auth/sign-out")) leave();
  };
  return (
    <Card title="Sessions">
      <p className="mb-3 text-table text-muted">
        A session ends after 7 days without use, and 30 days after sign-in in any case.
      </p>
      {failure && <FailureBanner failure={failure} waitSeconds={waitSeconds} />}
      <div className="flex flex-wrap gap-2">
        <Button disabled={busy} onClick={() => void signOut()}>
          Sign out
        </Button>
        <Confirm
          trigger={<Button kind="danger">Sign out everywhere</Button>}
          title="Sign out everywhere?"
          verb="Sign out everywhere"
          method="POST"
          path="/api/auth/sign-out-everywhere"
          onDone={leave}
        >
          Every session of yours ends at once, this one too.
        </Confirm>
      </div>
    </Card>
  );
}
