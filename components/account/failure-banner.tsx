"use client";
import { Banner } from "@/components/ui/banner";
import { WithCode } from "@/components/ui/with-code";
import { waitText } from "./wait-text";

interface FailureBannerProps {
  failure: { message: string; status: number } | undefined;
  waitSeconds: number;
}

/** What went wrong with a change; a wait that the server asked for is counted down. */
export function FailureBanner({ failure, waitSeconds }: FailureBannerProps) {
  if (failure === undefined) return null;
  if (failure.status !== 429)
    return (
      <Banner tone="bad">
        <WithCode text={failure.message} />
      </Banner>
    );
  return waitSeconds > 0 ? (
    <Banner tone="warn" title="Too many wrong passwords.">
      You can try again in <span className="figures font-medium">{waitText(waitSeconds)}</span>.
    </Banner>
  ) : (
    <Banner tone="info">You can try again now.</Banner>
  );
}
