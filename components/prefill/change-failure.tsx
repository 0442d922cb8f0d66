"use client";
import { signInAddress } from "@/components/data/fetch-answer";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import type { ChangeFailure as Failure } from "./use-change-settings";

interface ChangeFailureProps {
  failure: Failure;
  clear?: () => void;
}

/** Says that a change did not happen; who is signed out is led to the sign-in page and back. */
export function ChangeFailure({ failure, clear }: ChangeFailureProps) {
  return (
    <Banner
      tone="bad"
      title={failure.message}
      actions={
        failure.signedOut ? (
          <Button size="small" onClick={() => window.location.assign(signInAddress())}>
            Sign in
          </Button>
        ) : (
          clear && (
            <Button size="small" onClick={clear}>
              Close
            </Button>
          )
        )
      }
    />
  );
}
